/*
 * content.c: see content.h.
 */
#include "sim/content.h"

#include <string.h>

#include "sim/prng.h"

/* Far from any multiple of the table's length, so that neighbouring streams start far apart. */
#define CONTENT_STREAM_STEP 24373

void
gn_sim_content_init(gn_sim_content *content, uint64_t seed)
{
    gn_sim_prng prng = gn_sim_prng_for(seed, "content", 0);

    gn_sim_prng_fill(&prng, content->table, sizeof content->table);
}

const uint8_t *
gn_sim_content_at(const gn_sim_content *content, uint64_t stream, unsigned direction,
                  uint64_t offset, size_t *len)
{
    const uint64_t start = (stream % GN_SIM_CONTENT_BYTES * 2 + direction) * CONTENT_STREAM_STEP;
    const size_t at = (size_t)((start + offset % GN_SIM_CONTENT_BYTES) % GN_SIM_CONTENT_BYTES);

    *len = GN_SIM_CONTENT_BYTES - at;
    return content->table + at;
}

static size_t
content_first_difference(const uint8_t *a, const uint8_t *b, size_t len)
{
    size_t at = 0;

    while (at < len && a[at] == b[at])
        at++;
    return at;
}

bool
gn_sim_content_check(const gn_sim_content *content, uint64_t stream, unsigned direction,
                     uint64_t offset, const uint8_t *bytes, size_t len, uint64_t *bad_at)
{
    size_t done = 0;

    while (done < len) {
        size_t piece;
        const uint8_t *want = gn_sim_content_at(content, stream, direction, offset + done, &piece);

        if (piece > len - done)
            piece = len - done;
        if (memcmp(want, bytes + done, piece) != 0) {
            *bad_at = offset + done + content_first_difference(want, bytes + done, piece);
            return false;
        }
        done += piece;
    }
    return true;
}
