/*
 * qlog_frames.h: the frames of a packet and transport parameters, as qlog writes them.
 */
#ifndef GN_SIM_QLOG_FRAMES_H
#define GN_SIM_QLOG_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#include "sim/json.h"
#include "sim/qlog_record.h"

/*
 * Writes the member "frames": every frame of a clear payload. What cannot be
 * read ends the list as one frame of type "unknown" with the bytes that are left.
 */
void gn_sim_qlog_frames_write(gn_sim_json *json, gn_sim_qlog_profile profile,
                              const uint8_t *payload, size_t len);

/* Writes one member for each parameter. Bytes that cannot be read leave the member "invalid". */
void gn_sim_qlog_frames_parameters(gn_sim_json *json, const uint8_t *bytes, size_t len);

#endif
