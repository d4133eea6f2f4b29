/*
 * prop_datagrams_out.c: the queue of datagrams says what an array that is searched from the start
 * says: whose turn it is, what was dropped and in which order, when the next one expires, whether
 * there is room; bytes come out as they went in, and every slot comes back.
 *
 * The first byte chooses the number of slots; every further four are an operation.
 */
#include <string.h>

#include "prop.h"
#include "stream/datagrams_out.h"
#include "tests/support/streams.h"

enum { SEATS = 64, MOST = 12, MOST_BYTES = 4000, NEVER = 15 };

typedef struct model_one {
    uint64_t id;
    gn_time expires_at;
    int32_t priority;
    uint32_t len;
    bool there;
} model_one;

static gn_test_pools pools;
static model_one waiting[SEATS]; /* by the order they came in */
static model_one dropped[SEATS];
static uint32_t came;
static uint32_t drops;
static uint32_t told;

/* The place of the one whose turn it is, or came. */
static uint32_t
model_first(void)
{
    uint32_t first = came;

    for (uint32_t i = 0; i < came; i++)
        if (waiting[i].there && (first == came || waiting[i].priority > waiting[first].priority))
            first = i;
    return first;
}

static bool
same(const gn_datagrams_out *q, gn_slots chunks)
{
    const uint32_t first = model_first();
    uint32_t count = 0;
    uint64_t bytes = 0;
    gn_time deadline = GN_NEVER;

    for (uint32_t i = 0; i < came; i++) {
        if (!waiting[i].there)
            continue;
        count++;
        bytes += waiting[i].len;
        deadline = gn_time_min(deadline, waiting[i].expires_at);
    }
    const gn_datagram_kept *kept = gn_datagrams_out_first(q, chunks);
    if ((kept != NULL) != (first < came) || gn_datagrams_out_wants(q) != (count > 0))
        return false;
    if (kept != NULL &&
        (kept->note.id != waiting[first].id || kept->len != waiting[first].len ||
         !gn_test_stream_equal(kept->note.id, 0, gn_span_of(kept->bytes, kept->len))))
        return false;
    return gn_datagrams_out_check(q, chunks) && q->count == count && q->bytes == bytes &&
           gn_datagrams_out_deadline(q, chunks) == deadline &&
           gn_datagrams_out_any_dropped(q) == (told < drops) &&
           chunks.pool->used == count + drops - told;
}

static bool
push(gn_datagrams_out *q, gn_slots chunks, const uint8_t op[4], gn_time now)
{
    const uint32_t len = op[1] == 255 ? GN_DATAGRAM_MAX : op[1] * 4u;
    const gn_datagram_note note = {.id = came,
                                   .expires_at = op[2] % 16 == NEVER ? GN_NEVER : now + op[2] % 16,
                                   .priority = (int32_t)(op[3] % 5) - 2};
    uint64_t bytes = 0;
    uint32_t count = 0;

    if (came == SEATS)
        return true;
    for (uint32_t i = 0; i < came; i++) {
        count += waiting[i].there;
        bytes += waiting[i].there ? waiting[i].len : 0;
    }
    const bool room =
        count < MOST && bytes + len <= MOST_BYTES && gn_slots_left(chunks) > GN_CHUNKS_SPARE;
    const gn_err err = gn_datagrams_out_push(q, chunks, &note, gn_test_stream_bytes(came, 0, len),
                                             MOST, MOST_BYTES);
    if (err != (room ? GN_OK : GN_ERR_FULL))
        return false;
    if (room)
        waiting[came] = (model_one){came, note.expires_at, note.priority, len, true}, came++;
    return true;
}

static void
model_drop(uint32_t at)
{
    waiting[at].there = false;
    dropped[drops++] = waiting[at];
}

/* Those that expire together are dropped in the order of their turns. */
static void
model_expire(gn_time now)
{
    for (int32_t priority = 2; priority >= -2; priority--)
        for (uint32_t i = 0; i < came; i++)
            if (waiting[i].there && waiting[i].priority == priority && waiting[i].expires_at <= now)
                model_drop(i);
}

static bool
operate(gn_datagrams_out *q, gn_slots chunks, const uint8_t op[4], gn_time *now)
{
    const uint32_t first = model_first();
    gn_datagram_note note = {.id = 77};

    switch (op[0] % 8) {
    case 0:
    case 1:
    case 2:
    case 3: return push(q, chunks, op, *now);
    case 4:
        if (first < came) {
            gn_datagrams_out_on_sent(q, chunks);
            waiting[first].there = false;
        }
        return true;
    case 5:
        if (first < came) {
            gn_datagrams_out_drop(q, chunks, op[1]);
            model_drop(first);
        }
        return true;
    case 6:
        *now += op[1] % 8;
        gn_datagrams_out_expire(q, chunks, *now, 3);
        model_expire(*now);
        return true;
    default:
        if (gn_datagrams_out_tell(q, chunks, &note) != (told < drops))
            return false;
        return told == drops ? note.id == 77 : note.id == dropped[told++].id;
    }
}

bool
gn_prop_datagrams_out(const uint8_t *bytes, size_t len)
{
    gn_datagrams_out q;
    gn_time now = 100;

    if (len == 0)
        return true;
    gn_test_pools_init(&pools, bytes[0] % 24, 0);
    const gn_slots chunks = gn_test_pools_chunks(&pools);
    came = drops = told = 0;
    gn_datagrams_out_init(&q);
    for (size_t i = 1; i + 4 <= len; i += 4)
        if (!operate(&q, chunks, bytes + i, &now) || !same(&q, chunks))
            return false;
    gn_datagrams_out_wipe(&q, chunks);
    return chunks.pool->used == 0;
}
