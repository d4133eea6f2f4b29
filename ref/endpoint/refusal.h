/*
 * refusal.h: what an endpoint remembers of the latest input, if it was refused (gnomon_error.h).
 */
#ifndef GN_ENDPOINT_REFUSAL_H
#define GN_ENDPOINT_REFUSAL_H

#include "base/err.h"
#include "gnomon.h"

/* Nothing was refused. */
void gn_refusal_clear(gn_local_error *error);

/*
 * An argument is wrong: field says which one, err is what the call returns. Answers err. A static
 * text is kept; error may be NULL, then nothing is.
 */
GN_MUST_USE gn_err gn_refusal_argument(gn_local_error *error, gn_err err, const char *field);

/* The same for all else that follows from err alone. */
GN_MUST_USE gn_err gn_refusal_set(gn_local_error *error, gn_err err, gn_connection connection,
                                  const char *why);

#endif
