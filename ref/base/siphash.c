/*
 * siphash.c: see siphash.h.
 */
#include "base/siphash.h"

typedef struct sip_state {
    uint64_t v0, v1, v2, v3;
} sip_state;

/* Eight bytes, least significant first; written so that compilers make one load of it. */
/*@
  requires \valid_read(p + (0 .. 7));
  terminates \true; exits \false;
  assigns \nothing;
*/
static inline uint64_t
sip_load(const uint8_t *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

/*@
  requires 0 < bits < 64;
  terminates \true; exits \false;
  assigns \nothing;
*/
static inline uint64_t
sip_rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

/*@
  requires \valid(s);
  terminates \true; exits \false;
  assigns *s;
*/
static inline void
sip_round(sip_state *s)
{
    s->v0 += s->v1;
    s->v1 = sip_rotate(s->v1, 13) ^ s->v0;
    s->v0 = sip_rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = sip_rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = sip_rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = sip_rotate(s->v1, 17) ^ s->v2;
    s->v2 = sip_rotate(s->v2, 32);
}

/*@
  requires \valid(s);
  terminates \true; exits \false;
  assigns *s;
*/
static inline void
sip_take(sip_state *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    sip_round(s);
    s->v0 ^= word;
}

uint64_t
gn_siphash(const uint8_t key[GN_SIPHASH_KEY_BYTES], const uint8_t *bytes, size_t len)
{
    const uint64_t k0 = sip_load(key);
    const uint64_t k1 = sip_load(key + 8);
    sip_state s = {
        .v0 = k0 ^ UINT64_C(0x736f6d6570736575),
        .v1 = k1 ^ UINT64_C(0x646f72616e646f6d),
        .v2 = k0 ^ UINT64_C(0x6c7967656e657261),
        .v3 = k1 ^ UINT64_C(0x7465646279746573),
    };
    const size_t whole = len - len % 8;

    /*@
      loop invariant 0 <= i <= whole && i % 8 == 0;
      loop assigns i, s;
      loop variant whole - i;
    */
    for (size_t i = 0; i < whole; i += 8)
        sip_take(&s, sip_load(bytes + i));

    /* The last word: what is left, and the length's low byte on top. */
    uint64_t last = (uint64_t)(len % 256) << 56;
    /*@
      loop invariant whole <= i <= len;
      loop assigns i, last;
      loop variant len - i;
    */
    for (size_t i = whole; i < len; i++)
        last |= (uint64_t)bytes[i] << (8 * (i - whole));
    sip_take(&s, last);

    s.v2 ^= 0xff;
    /*@
      loop invariant 0 <= i <= 4;
      loop assigns i, s;
      loop variant 4 - i;
    */
    for (int i = 0; i < 4; i++)
        sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
