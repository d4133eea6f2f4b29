/*
 * layout.c: where the fields of the public structs lie. Made by generate.py; not edited.
 *
 * A caller that rebuilt the structs in another language compares its own idea
 * with this one before it calls anything.
 */
#include <stddef.h>
#include <stdint.h>

#include "gnomon.h"
#include "sim/run.h"

/* One field; field NULL: the struct itself. Bytes. */
typedef struct gn_layout_row {
    const char *structure;
    const char *field;
    size_t offset;
    size_t size;
} gn_layout_row;

/* Row i, or NULL behind the last one. */
GN_API const gn_layout_row *gn_layout(size_t i);

/* Where a field lies on every machine with 64-bit pointers. */
#define PLACE(type, name, offset, size)                                                           \
    _Static_assert(offsetof(type, name) == (offset) && sizeof(((type *)0)->name) == (size),       \
                   #type "." #name " lies elsewhere")

/* clang-format off */
PLACE(gn_local_error, size, 0, 8);
PLACE(gn_local_error, code, 8, 4);
PLACE(gn_local_error, status, 12, 4);
PLACE(gn_local_error, connection, 16, 8);
PLACE(gn_local_error, stream, 24, 8);
PLACE(gn_local_error, field, 32, 8);
PLACE(gn_local_error, why, 40, 8);
PLACE(gn_packet, size, 0, 8);
PLACE(gn_packet, outbound, 8, 1);
PLACE(gn_packet, kind, 9, 1);
PLACE(gn_packet, spin, 10, 1);
PLACE(gn_packet, key_phase, 11, 1);
PLACE(gn_packet, pn_bytes, 12, 1);
PLACE(gn_packet, reserved, 13, 3);
PLACE(gn_packet, version, 16, 4);
PLACE(gn_packet, reserved_2, 20, 4);
PLACE(gn_packet, pn, 24, 8);
PLACE(gn_packet, datagram_id, 32, 8);
PLACE(gn_packet, datagram_len, 40, 8);
PLACE(gn_packet, datagram_off, 48, 8);
PLACE(gn_packet, dcid, 56, 8);
PLACE(gn_packet, dcid_len, 64, 8);
PLACE(gn_packet, scid, 72, 8);
PLACE(gn_packet, scid_len, 80, 8);
PLACE(gn_packet, token, 88, 8);
PLACE(gn_packet, token_len, 96, 8);
PLACE(gn_packet, payload, 104, 8);
PLACE(gn_packet, payload_len, 112, 8);
PLACE(gn_preferred_address, size, 0, 8);
PLACE(gn_preferred_address, ipv4, 8, 4);
PLACE(gn_preferred_address, ipv4_port, 12, 2);
PLACE(gn_preferred_address, ipv6_port, 14, 2);
PLACE(gn_preferred_address, ipv6, 16, 16);
PLACE(gn_preferred_address, reset_token, 32, 16);
PLACE(gn_preferred_address, cid, 48, 8);
PLACE(gn_preferred_address, cid_len, 56, 8);
PLACE(gn_effect, size, 0, 8);
PLACE(gn_effect, kind, 8, 4);
PLACE(gn_effect, detail, 12, 4);
PLACE(gn_effect, flags, 16, 4);
PLACE(gn_effect, ecn, 20, 4);
PLACE(gn_effect, connection, 24, 8);
PLACE(gn_effect, route, 32, 8);
PLACE(gn_effect, stream, 40, 8);
PLACE(gn_effect, offset, 48, 8);
PLACE(gn_effect, code, 56, 8);
PLACE(gn_effect, frame_type, 64, 8);
PLACE(gn_effect, bytes, 72, 8);
PLACE(gn_effect, len, 80, 8);
PLACE(gn_effect, packet, 88, 8);
PLACE(gn_effect, preferred, 96, 8);
PLACE(gn_event, size, 0, 8);
PLACE(gn_event, kind, 8, 4);
PLACE(gn_event, detail, 12, 4);
PLACE(gn_event, now, 16, 8);
PLACE(gn_event, connection, 24, 8);
PLACE(gn_event, route, 32, 8);
PLACE(gn_event, pn, 40, 8);
PLACE(gn_event, code, 48, 8);
PLACE(gn_event, frame_type, 56, 8);
PLACE(gn_event, packet, 64, 1);
PLACE(gn_event, space, 65, 1);
PLACE(gn_event, path, 66, 1);
PLACE(gn_event, ecn, 67, 1);
PLACE(gn_event, key_phase, 68, 1);
PLACE(gn_event, suite, 69, 1);
PLACE(gn_event, reserved, 70, 2);
PLACE(gn_event, dcid, 72, 8);
PLACE(gn_event, dcid_len, 80, 8);
PLACE(gn_event, scid, 88, 8);
PLACE(gn_event, scid_len, 96, 8);
PLACE(gn_event, payload, 104, 8);
PLACE(gn_event, payload_len, 112, 8);
PLACE(gn_event, extra, 120, 8);
PLACE(gn_event, extra_len, 128, 8);
PLACE(gn_event, len, 136, 8);
PLACE(gn_event, label, 144, 8);
PLACE(gn_event, info, 152, 8);
PLACE(gn_event, version, 160, 4);
PLACE(gn_event, reserved_2, 164, 4);
PLACE(gn_observer, size, 0, 8);
PLACE(gn_observer, on_event, 8, 8);
PLACE(gn_observer, context, 16, 8);
PLACE(gn_observer, reserved, 24, 8);
PLACE(gn_limits, size, 0, 8);
PLACE(gn_limits, connections, 8, 4);
PLACE(gn_limits, streams, 12, 4);
PLACE(gn_limits, chunks, 16, 4);
PLACE(gn_limits, sent, 20, 4);
PLACE(gn_limits, keys, 24, 4);
PLACE(gn_limits, held, 28, 4);
PLACE(gn_limits, early, 32, 4);
PLACE(gn_limits, reserved, 36, 28);
PLACE(gn_config, size, 0, 8);
PLACE(gn_config, role, 8, 4);
PLACE(gn_config, reserved_1, 12, 4);
PLACE(gn_config, seed, 16, 32);
PLACE(gn_config, unix_ms, 48, 8);
PLACE(gn_config, limits, 56, 64);
PLACE(gn_config, observer, 120, 32);
PLACE(gn_config, alpn, 152, 8);
PLACE(gn_config, certificate_pem, 160, 8);
PLACE(gn_config, certificate_pem_len, 168, 8);
PLACE(gn_config, private_key_pem, 176, 8);
PLACE(gn_config, private_key_pem_len, 184, 8);
PLACE(gn_config, ca_pem, 192, 8);
PLACE(gn_config, ca_pem_len, 200, 8);
PLACE(gn_config, verify_peer, 208, 1);
PLACE(gn_config, suites, 209, 1);
PLACE(gn_config, ecn, 210, 1);
PLACE(gn_config, cid_len, 211, 1);
PLACE(gn_config, cc, 212, 1);
PLACE(gn_config, session_tickets, 213, 1);
PLACE(gn_config, allow_early_data, 214, 1);
PLACE(gn_config, strict_early_data, 215, 1);
PLACE(gn_config, groups, 216, 1);
PLACE(gn_config, key_shares, 217, 1);
PLACE(gn_config, verify_client, 218, 1);
PLACE(gn_config, keep_certificate, 219, 1);
PLACE(gn_config, suite_order, 220, 4);
PLACE(gn_config, group_order, 224, 4);
PLACE(gn_config, reserved_tls, 228, 4);
PLACE(gn_config, max_idle_timeout_us, 232, 8);
PLACE(gn_config, max_ack_delay_us, 240, 8);
PLACE(gn_config, ack_delay_exponent, 248, 8);
PLACE(gn_config, initial_max_data, 256, 8);
PLACE(gn_config, initial_max_stream_data_bidi_local, 264, 8);
PLACE(gn_config, initial_max_stream_data_bidi_remote, 272, 8);
PLACE(gn_config, initial_max_stream_data_uni, 280, 8);
PLACE(gn_config, initial_max_streams_bidi, 288, 8);
PLACE(gn_config, initial_max_streams_uni, 296, 8);
PLACE(gn_config, active_connection_id_limit, 304, 8);
PLACE(gn_config, max_udp_payload_size, 312, 8);
PLACE(gn_config, max_datagram_out, 320, 8);
PLACE(gn_config, send_buffer_bytes, 328, 8);
PLACE(gn_config, ack_threshold, 336, 8);
PLACE(gn_config, disable_active_migration, 344, 1);
PLACE(gn_config, allow_peer_migration, 345, 1);
PLACE(gn_config, reserved_2, 346, 6);
PLACE(gn_config, retry_above, 352, 4);
PLACE(gn_config, max_server_connections, 356, 4);
PLACE(gn_config, retry_token_life_us, 360, 8);
PLACE(gn_config, new_token_life_us, 368, 8);
PLACE(gn_config, new_tokens, 376, 1);
PLACE(gn_config, retry_hello, 377, 1);
PLACE(gn_config, stateless_reset, 378, 1);
PLACE(gn_config, reserved_3, 379, 5);
PLACE(gn_config, max_datagram_frame_size, 384, 8);
PLACE(gn_config, datagram_queue_bytes, 392, 8);
PLACE(gn_config, datagram_queue_count, 400, 4);
PLACE(gn_config, skip_packets, 404, 4);
PLACE(gn_config, key_update_packets, 408, 8);
PLACE(gn_config, confidentiality_limit, 416, 8);
PLACE(gn_config, integrity_limit, 424, 8);
PLACE(gn_config, keep_alive_us, 432, 8);
PLACE(gn_config, suite_ops, 440, 8);
PLACE(gn_config, tls_ops, 448, 8);
PLACE(gn_config, stream_fairness, 456, 1);
PLACE(gn_config, inspect_packets, 457, 1);
PLACE(gn_config, preferred_ipv4_port, 458, 2);
PLACE(gn_config, preferred_ipv6_port, 460, 2);
PLACE(gn_config, reserved_5, 462, 2);
PLACE(gn_config, preferred_ipv4, 464, 4);
PLACE(gn_config, preferred_ipv6, 468, 16);
PLACE(gn_config, spin_bit, 484, 1);
PLACE(gn_config, reserved_6, 485, 3);
PLACE(gn_config, rotate_ids_packets, 488, 8);
PLACE(gn_config, rotate_ids_us, 496, 8);
PLACE(gn_config, ticket_life_us, 504, 8);
PLACE(gn_config, ticket_key, 512, 32);
PLACE(gn_config, started_unix_ms, 544, 8);
PLACE(gn_config, application_context, 552, 8);
PLACE(gn_config, application_context_len, 560, 8);
PLACE(gn_config, early_held_us, 568, 8);
PLACE(gn_config, early_held_bytes, 576, 8);
PLACE(gn_config, versions, 584, 16);
PLACE(gn_config, grease_versions, 600, 1);
PLACE(gn_config, reserved_version_probe, 601, 1);
PLACE(gn_config, grease_quic_bit, 602, 1);
PLACE(gn_config, deliver_unordered, 603, 1);
PLACE(gn_config, reserved_7, 604, 4);
PLACE(gn_config, coalesce_us, 608, 8);
PLACE(gn_connect, size, 0, 8);
PLACE(gn_connect, server_name, 8, 8);
PLACE(gn_connect, route, 16, 8);
PLACE(gn_connect, host, 24, 16);
PLACE(gn_connect, token, 40, 8);
PLACE(gn_connect, token_len, 48, 8);
PLACE(gn_connect, source_cid, 56, 8);
PLACE(gn_connect, source_cid_len, 64, 8);
PLACE(gn_connect, initial_dcid, 72, 8);
PLACE(gn_connect, initial_dcid_len, 80, 8);
PLACE(gn_connect, original_dcid, 88, 8);
PLACE(gn_connect, original_dcid_len, 96, 8);
PLACE(gn_connect, resumption_state, 104, 8);
PLACE(gn_connect, resumption_state_len, 112, 8);
PLACE(gn_connect, attempt_early_data, 120, 1);
PLACE(gn_connect, reserved, 121, 7);
PLACE(gn_connect, version, 128, 4);
PLACE(gn_connect, token_version, 132, 4);
PLACE(gn_datagram, size, 0, 8);
PLACE(gn_datagram, bytes, 8, 8);
PLACE(gn_datagram, len, 16, 8);
PLACE(gn_datagram, route, 24, 8);
PLACE(gn_datagram, host, 32, 16);
PLACE(gn_datagram, ecn, 48, 1);
PLACE(gn_datagram, reserved, 49, 7);
PLACE(gn_send_datagram, size, 0, 8);
PLACE(gn_send_datagram, bytes, 8, 8);
PLACE(gn_send_datagram, len, 16, 8);
PLACE(gn_send_datagram, id, 24, 8);
PLACE(gn_send_datagram, expires_at, 32, 8);
PLACE(gn_send_datagram, priority, 40, 4);
PLACE(gn_send_datagram, reserved, 44, 4);
PLACE(gn_move, size, 0, 8);
PLACE(gn_move, route, 8, 8);
PLACE(gn_move, host, 16, 16);
PLACE(gn_move, reason, 32, 4);
PLACE(gn_move, reserved, 36, 4);
PLACE(gn_path_mtu, size, 0, 8);
PLACE(gn_path_mtu, route, 8, 8);
PLACE(gn_path_mtu, max_datagram, 16, 8);
PLACE(gn_path_mtu, quoted, 24, 8);
PLACE(gn_path_mtu, quoted_len, 32, 8);
PLACE(gn_info, size, 0, 8);
PLACE(gn_info, ready, 8, 1);
PLACE(gn_info, confirmed, 9, 1);
PLACE(gn_info, ending, 10, 1);
PLACE(gn_info, paths, 11, 1);
PLACE(gn_info, pto_count, 12, 4);
PLACE(gn_info, route, 16, 8);
PLACE(gn_info, rtt_latest_us, 24, 8);
PLACE(gn_info, rtt_min_us, 32, 8);
PLACE(gn_info, rtt_smoothed_us, 40, 8);
PLACE(gn_info, rtt_var_us, 48, 8);
PLACE(gn_info, window_bytes, 56, 8);
PLACE(gn_info, in_flight_bytes, 64, 8);
PLACE(gn_info, ssthresh_bytes, 72, 8);
PLACE(gn_info, packets_sent, 80, 8);
PLACE(gn_info, packets_received, 88, 8);
PLACE(gn_info, packets_dropped, 96, 8);
PLACE(gn_info, packets_lost, 104, 8);
PLACE(gn_info, bytes_sent, 112, 8);
PLACE(gn_info, bytes_received, 120, 8);
PLACE(gn_info, ptos, 128, 8);
PLACE(gn_info, ce_marks, 136, 8);
PLACE(gn_info, ecn_state, 144, 1);
PLACE(gn_info, cc_phase, 145, 1);
PLACE(gn_info, suite, 146, 1);
PLACE(gn_info, group, 147, 1);
PLACE(gn_info, resumed, 148, 1);
PLACE(gn_info, zero_rtt, 149, 1);
PLACE(gn_info, reserved, 150, 2);
PLACE(gn_info, streams, 152, 8);
PLACE(gn_info, largest_datagram, 160, 8);
PLACE(gn_info, datagrams_dropped, 168, 8);
PLACE(gn_info, datagrams_waiting, 176, 4);
PLACE(gn_info, datagrams, 180, 1);
PLACE(gn_info, reserved_2, 181, 3);
PLACE(gn_info, version, 184, 4);
PLACE(gn_info, original_version, 188, 4);
PLACE(gn_certificate, size, 0, 8);
PLACE(gn_certificate, der, 8, 8);
PLACE(gn_certificate, len, 16, 8);
PLACE(gn_certificate, verified, 24, 1);
PLACE(gn_certificate, reserved, 25, 7);
PLACE(gn_sim_options, size, 0, 8);
PLACE(gn_sim_options, seed, 8, 8);
PLACE(gn_sim_options, has_seed, 16, 1);
PLACE(gn_sim_options, records, 17, 1);
PLACE(gn_sim_options, fake_tls, 18, 1);
PLACE(gn_sim_options, qlog_profile, 19, 1);
PLACE(gn_sim_options, reserved, 20, 4);
PLACE(gn_sim_options, qlog_dir, 24, 8);
PLACE(gn_sim_options, pcap_path, 32, 8);
PLACE(gn_sim_options, csv_path, 40, 8);
PLACE(gn_sim_options, trace_path, 48, 8);
PLACE(gn_sim_record, size, 0, 8);
PLACE(gn_sim_record, at_us, 8, 8);
PLACE(gn_sim_record, kind, 16, 4);
PLACE(gn_sim_record, host, 20, 2);
PLACE(gn_sim_record, route, 22, 2);
PLACE(gn_sim_record, a, 24, 8);
PLACE(gn_sim_record, b, 32, 8);
PLACE(gn_sim_record, c, 40, 8);
PLACE(gn_sim_record, d, 48, 8);
PLACE(gn_sim_record, connection, 56, 8);
PLACE(gn_sim_result, size, 0, 8);
PLACE(gn_sim_result, verdict, 8, 4);
PLACE(gn_sim_result, reserved, 12, 4);
PLACE(gn_sim_result, seed, 16, 8);
PLACE(gn_sim_result, hash, 24, 8);
PLACE(gn_sim_result, end_us, 32, 8);
PLACE(gn_sim_result, datagrams, 40, 8);
PLACE(gn_sim_result, events, 48, 8);
PLACE(gn_sim_result, bytes_goal, 56, 8);
PLACE(gn_sim_result, bytes_delivered, 64, 8);
PLACE(gn_sim_result, handshake_us, 72, 8);
PLACE(gn_sim_result, finished_us, 80, 8);
PLACE(gn_sim_result, packets_sent, 88, 8);
PLACE(gn_sim_result, packets_lost, 96, 8);
PLACE(gn_sim_result, datagrams_dropped, 104, 8);
PLACE(gn_sim_result, datagrams_marked, 112, 8);
PLACE(gn_sim_result, ptos, 120, 8);
PLACE(gn_sim_result, records, 128, 8);
PLACE(gn_sim_result, record_count, 136, 8);
PLACE(gn_sim_result, report, 144, 8);
PLACE(gn_sim_result, summary, 152, 8);
PLACE(gn_sim_result, message, 160, 8);
/* clang-format on */

#define WHOLE(type) {#type, NULL, 0, sizeof(type)}
#define FIELD(type, name) {#type, #name, offsetof(type, name), sizeof(((type *)0)->name)}

/* clang-format off */
static const gn_layout_row rows[] = {
    WHOLE(gn_local_error),
    FIELD(gn_local_error, size), FIELD(gn_local_error, code), FIELD(gn_local_error, status),
    FIELD(gn_local_error, connection), FIELD(gn_local_error, stream),
    FIELD(gn_local_error, field), FIELD(gn_local_error, why),
    WHOLE(gn_packet),
    FIELD(gn_packet, size), FIELD(gn_packet, outbound), FIELD(gn_packet, kind),
    FIELD(gn_packet, spin), FIELD(gn_packet, key_phase), FIELD(gn_packet, pn_bytes),
    FIELD(gn_packet, reserved), FIELD(gn_packet, version), FIELD(gn_packet, reserved_2),
    FIELD(gn_packet, pn), FIELD(gn_packet, datagram_id), FIELD(gn_packet, datagram_len),
    FIELD(gn_packet, datagram_off), FIELD(gn_packet, dcid), FIELD(gn_packet, dcid_len),
    FIELD(gn_packet, scid), FIELD(gn_packet, scid_len), FIELD(gn_packet, token),
    FIELD(gn_packet, token_len), FIELD(gn_packet, payload), FIELD(gn_packet, payload_len),
    WHOLE(gn_preferred_address),
    FIELD(gn_preferred_address, size), FIELD(gn_preferred_address, ipv4),
    FIELD(gn_preferred_address, ipv4_port), FIELD(gn_preferred_address, ipv6_port),
    FIELD(gn_preferred_address, ipv6), FIELD(gn_preferred_address, reset_token),
    FIELD(gn_preferred_address, cid), FIELD(gn_preferred_address, cid_len),
    WHOLE(gn_effect),
    FIELD(gn_effect, size), FIELD(gn_effect, kind), FIELD(gn_effect, detail),
    FIELD(gn_effect, flags), FIELD(gn_effect, ecn), FIELD(gn_effect, connection),
    FIELD(gn_effect, route), FIELD(gn_effect, stream), FIELD(gn_effect, offset),
    FIELD(gn_effect, code), FIELD(gn_effect, frame_type), FIELD(gn_effect, bytes),
    FIELD(gn_effect, len), FIELD(gn_effect, packet), FIELD(gn_effect, preferred),
    WHOLE(gn_event),
    FIELD(gn_event, size), FIELD(gn_event, kind), FIELD(gn_event, detail), FIELD(gn_event, now),
    FIELD(gn_event, connection), FIELD(gn_event, route), FIELD(gn_event, pn),
    FIELD(gn_event, code), FIELD(gn_event, frame_type), FIELD(gn_event, packet),
    FIELD(gn_event, space), FIELD(gn_event, path), FIELD(gn_event, ecn),
    FIELD(gn_event, key_phase), FIELD(gn_event, suite), FIELD(gn_event, reserved),
    FIELD(gn_event, dcid), FIELD(gn_event, dcid_len), FIELD(gn_event, scid),
    FIELD(gn_event, scid_len), FIELD(gn_event, payload), FIELD(gn_event, payload_len),
    FIELD(gn_event, extra), FIELD(gn_event, extra_len), FIELD(gn_event, len),
    FIELD(gn_event, label), FIELD(gn_event, info), FIELD(gn_event, version),
    FIELD(gn_event, reserved_2),
    WHOLE(gn_observer),
    FIELD(gn_observer, size), FIELD(gn_observer, on_event), FIELD(gn_observer, context),
    FIELD(gn_observer, reserved),
    WHOLE(gn_limits),
    FIELD(gn_limits, size), FIELD(gn_limits, connections), FIELD(gn_limits, streams),
    FIELD(gn_limits, chunks), FIELD(gn_limits, sent), FIELD(gn_limits, keys),
    FIELD(gn_limits, held), FIELD(gn_limits, early), FIELD(gn_limits, reserved),
    WHOLE(gn_config),
    FIELD(gn_config, size), FIELD(gn_config, role), FIELD(gn_config, reserved_1),
    FIELD(gn_config, seed), FIELD(gn_config, unix_ms), FIELD(gn_config, limits),
    FIELD(gn_config, observer), FIELD(gn_config, alpn), FIELD(gn_config, certificate_pem),
    FIELD(gn_config, certificate_pem_len), FIELD(gn_config, private_key_pem),
    FIELD(gn_config, private_key_pem_len), FIELD(gn_config, ca_pem),
    FIELD(gn_config, ca_pem_len), FIELD(gn_config, verify_peer), FIELD(gn_config, suites),
    FIELD(gn_config, ecn), FIELD(gn_config, cid_len), FIELD(gn_config, cc),
    FIELD(gn_config, session_tickets), FIELD(gn_config, allow_early_data),
    FIELD(gn_config, strict_early_data), FIELD(gn_config, groups), FIELD(gn_config, key_shares),
    FIELD(gn_config, verify_client), FIELD(gn_config, keep_certificate),
    FIELD(gn_config, suite_order), FIELD(gn_config, group_order),
    FIELD(gn_config, reserved_tls), FIELD(gn_config, max_idle_timeout_us),
    FIELD(gn_config, max_ack_delay_us), FIELD(gn_config, ack_delay_exponent),
    FIELD(gn_config, initial_max_data), FIELD(gn_config, initial_max_stream_data_bidi_local),
    FIELD(gn_config, initial_max_stream_data_bidi_remote),
    FIELD(gn_config, initial_max_stream_data_uni), FIELD(gn_config, initial_max_streams_bidi),
    FIELD(gn_config, initial_max_streams_uni), FIELD(gn_config, active_connection_id_limit),
    FIELD(gn_config, max_udp_payload_size), FIELD(gn_config, max_datagram_out),
    FIELD(gn_config, send_buffer_bytes), FIELD(gn_config, ack_threshold),
    FIELD(gn_config, disable_active_migration), FIELD(gn_config, allow_peer_migration),
    FIELD(gn_config, reserved_2), FIELD(gn_config, retry_above),
    FIELD(gn_config, max_server_connections), FIELD(gn_config, retry_token_life_us),
    FIELD(gn_config, new_token_life_us), FIELD(gn_config, new_tokens),
    FIELD(gn_config, retry_hello), FIELD(gn_config, stateless_reset),
    FIELD(gn_config, reserved_3), FIELD(gn_config, max_datagram_frame_size),
    FIELD(gn_config, datagram_queue_bytes), FIELD(gn_config, datagram_queue_count),
    FIELD(gn_config, skip_packets), FIELD(gn_config, key_update_packets),
    FIELD(gn_config, confidentiality_limit), FIELD(gn_config, integrity_limit),
    FIELD(gn_config, keep_alive_us), FIELD(gn_config, suite_ops), FIELD(gn_config, tls_ops),
    FIELD(gn_config, stream_fairness), FIELD(gn_config, inspect_packets),
    FIELD(gn_config, preferred_ipv4_port), FIELD(gn_config, preferred_ipv6_port),
    FIELD(gn_config, reserved_5), FIELD(gn_config, preferred_ipv4),
    FIELD(gn_config, preferred_ipv6), FIELD(gn_config, spin_bit), FIELD(gn_config, reserved_6),
    FIELD(gn_config, rotate_ids_packets), FIELD(gn_config, rotate_ids_us),
    FIELD(gn_config, ticket_life_us), FIELD(gn_config, ticket_key),
    FIELD(gn_config, started_unix_ms), FIELD(gn_config, application_context),
    FIELD(gn_config, application_context_len), FIELD(gn_config, early_held_us),
    FIELD(gn_config, early_held_bytes), FIELD(gn_config, versions),
    FIELD(gn_config, grease_versions), FIELD(gn_config, reserved_version_probe),
    FIELD(gn_config, grease_quic_bit), FIELD(gn_config, deliver_unordered),
    FIELD(gn_config, reserved_7), FIELD(gn_config, coalesce_us),
    WHOLE(gn_connect),
    FIELD(gn_connect, size), FIELD(gn_connect, server_name), FIELD(gn_connect, route),
    FIELD(gn_connect, host), FIELD(gn_connect, token), FIELD(gn_connect, token_len),
    FIELD(gn_connect, source_cid), FIELD(gn_connect, source_cid_len),
    FIELD(gn_connect, initial_dcid), FIELD(gn_connect, initial_dcid_len),
    FIELD(gn_connect, original_dcid), FIELD(gn_connect, original_dcid_len),
    FIELD(gn_connect, resumption_state), FIELD(gn_connect, resumption_state_len),
    FIELD(gn_connect, attempt_early_data), FIELD(gn_connect, reserved),
    FIELD(gn_connect, version), FIELD(gn_connect, token_version),
    WHOLE(gn_datagram),
    FIELD(gn_datagram, size), FIELD(gn_datagram, bytes), FIELD(gn_datagram, len),
    FIELD(gn_datagram, route), FIELD(gn_datagram, host), FIELD(gn_datagram, ecn),
    FIELD(gn_datagram, reserved),
    WHOLE(gn_send_datagram),
    FIELD(gn_send_datagram, size), FIELD(gn_send_datagram, bytes), FIELD(gn_send_datagram, len),
    FIELD(gn_send_datagram, id), FIELD(gn_send_datagram, expires_at),
    FIELD(gn_send_datagram, priority), FIELD(gn_send_datagram, reserved),
    WHOLE(gn_move),
    FIELD(gn_move, size), FIELD(gn_move, route), FIELD(gn_move, host), FIELD(gn_move, reason),
    FIELD(gn_move, reserved),
    WHOLE(gn_path_mtu),
    FIELD(gn_path_mtu, size), FIELD(gn_path_mtu, route), FIELD(gn_path_mtu, max_datagram),
    FIELD(gn_path_mtu, quoted), FIELD(gn_path_mtu, quoted_len),
    WHOLE(gn_info),
    FIELD(gn_info, size), FIELD(gn_info, ready), FIELD(gn_info, confirmed),
    FIELD(gn_info, ending), FIELD(gn_info, paths), FIELD(gn_info, pto_count),
    FIELD(gn_info, route), FIELD(gn_info, rtt_latest_us), FIELD(gn_info, rtt_min_us),
    FIELD(gn_info, rtt_smoothed_us), FIELD(gn_info, rtt_var_us), FIELD(gn_info, window_bytes),
    FIELD(gn_info, in_flight_bytes), FIELD(gn_info, ssthresh_bytes),
    FIELD(gn_info, packets_sent), FIELD(gn_info, packets_received),
    FIELD(gn_info, packets_dropped), FIELD(gn_info, packets_lost), FIELD(gn_info, bytes_sent),
    FIELD(gn_info, bytes_received), FIELD(gn_info, ptos), FIELD(gn_info, ce_marks),
    FIELD(gn_info, ecn_state), FIELD(gn_info, cc_phase), FIELD(gn_info, suite),
    FIELD(gn_info, group), FIELD(gn_info, resumed), FIELD(gn_info, zero_rtt),
    FIELD(gn_info, reserved), FIELD(gn_info, streams), FIELD(gn_info, largest_datagram),
    FIELD(gn_info, datagrams_dropped), FIELD(gn_info, datagrams_waiting),
    FIELD(gn_info, datagrams), FIELD(gn_info, reserved_2), FIELD(gn_info, version),
    FIELD(gn_info, original_version),
    WHOLE(gn_certificate),
    FIELD(gn_certificate, size), FIELD(gn_certificate, der), FIELD(gn_certificate, len),
    FIELD(gn_certificate, verified), FIELD(gn_certificate, reserved),
    WHOLE(gn_sim_options),
    FIELD(gn_sim_options, size), FIELD(gn_sim_options, seed), FIELD(gn_sim_options, has_seed),
    FIELD(gn_sim_options, records), FIELD(gn_sim_options, fake_tls),
    FIELD(gn_sim_options, qlog_profile), FIELD(gn_sim_options, reserved),
    FIELD(gn_sim_options, qlog_dir), FIELD(gn_sim_options, pcap_path),
    FIELD(gn_sim_options, csv_path), FIELD(gn_sim_options, trace_path),
    WHOLE(gn_sim_record),
    FIELD(gn_sim_record, size), FIELD(gn_sim_record, at_us), FIELD(gn_sim_record, kind),
    FIELD(gn_sim_record, host), FIELD(gn_sim_record, route), FIELD(gn_sim_record, a),
    FIELD(gn_sim_record, b), FIELD(gn_sim_record, c), FIELD(gn_sim_record, d),
    FIELD(gn_sim_record, connection),
    WHOLE(gn_sim_result),
    FIELD(gn_sim_result, size), FIELD(gn_sim_result, verdict), FIELD(gn_sim_result, reserved),
    FIELD(gn_sim_result, seed), FIELD(gn_sim_result, hash), FIELD(gn_sim_result, end_us),
    FIELD(gn_sim_result, datagrams), FIELD(gn_sim_result, events),
    FIELD(gn_sim_result, bytes_goal), FIELD(gn_sim_result, bytes_delivered),
    FIELD(gn_sim_result, handshake_us), FIELD(gn_sim_result, finished_us),
    FIELD(gn_sim_result, packets_sent), FIELD(gn_sim_result, packets_lost),
    FIELD(gn_sim_result, datagrams_dropped), FIELD(gn_sim_result, datagrams_marked),
    FIELD(gn_sim_result, ptos), FIELD(gn_sim_result, records),
    FIELD(gn_sim_result, record_count), FIELD(gn_sim_result, report),
    FIELD(gn_sim_result, summary), FIELD(gn_sim_result, message),
};
/* clang-format on */

const gn_layout_row *
gn_layout(size_t i)
{
    return i < sizeof rows / sizeof rows[0] ? &rows[i] : NULL;
}
