/*
 * hello.c: see hello.h.
 */
#include "tests/support/hello.h"

#include <check.h>
#include <string.h>

#include "base/writer.h"

static const uint8_t alpn_offer[] = {0, 6, 2, 'h', '3', 2, 'h', 'q'};
static const uint8_t alpn_choice[] = {0, 3, 2, 'h', '3'};
static const uint8_t parameters[] = {1, 1, 5};
static const uint8_t versions_offer[] = {2, 3, 4};
static const uint8_t versions_choice[] = {3, 4};
static const uint8_t share_offer[] = {0, 12, 0, 29, 0, 2, 7, 7, 0, 23, 0, 2, 8, 8};
static const uint8_t share_choice[] = {0, 29, 0, 2, 9, 9};
static const uint8_t share_wish[] = {0, 23};

static gn_test_hello
hello_of(uint8_t type)
{
    gn_test_hello hello = {.type = type, .version = 0x0303, .suites_len = 4, .compressions = 1};

    memset(hello.random, 0x42, sizeof hello.random);
    return hello;
}

gn_test_hello
gn_test_hello_client(void)
{
    gn_test_hello hello = hello_of(1);

    gn_test_hello_add(&hello, 16, alpn_offer, sizeof alpn_offer);
    gn_test_hello_add(&hello, 0x39, parameters, sizeof parameters);
    gn_test_hello_add(&hello, 43, versions_offer, sizeof versions_offer);
    gn_test_hello_add(&hello, 51, share_offer, sizeof share_offer);
    return hello;
}

gn_test_hello
gn_test_hello_server(void)
{
    gn_test_hello hello = hello_of(2);

    gn_test_hello_add(&hello, 43, versions_choice, sizeof versions_choice);
    gn_test_hello_add(&hello, 51, share_choice, sizeof share_choice);
    return hello;
}

gn_test_hello
gn_test_hello_retry(void)
{
    static const uint8_t random[32] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
                                       0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
                                       0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
                                       0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
    gn_test_hello hello = hello_of(2);

    memcpy(hello.random, random, sizeof random);
    gn_test_hello_add(&hello, 43, versions_choice, sizeof versions_choice);
    gn_test_hello_add(&hello, 51, share_wish, sizeof share_wish);
    return hello;
}

gn_test_hello
gn_test_hello_encrypted(void)
{
    gn_test_hello hello = hello_of(8);

    gn_test_hello_add(&hello, 16, alpn_choice, sizeof alpn_choice);
    gn_test_hello_add(&hello, 0x39, parameters, sizeof parameters);
    return hello;
}

void
gn_test_hello_add(gn_test_hello *hello, uint16_t type, const uint8_t *body, size_t len)
{
    ck_assert_uint_lt(hello->extensions, GN_TEST_HELLO_EXTENSIONS);
    hello->extension[hello->extensions++] =
        (gn_test_extension){.type = type, .body = body, .len = len};
}

static size_t
place_of(const gn_test_hello *hello, uint16_t type)
{
    size_t at = 0;

    while (at < hello->extensions && hello->extension[at].type != type)
        at++;
    ck_assert_uint_lt(at, hello->extensions);
    return at;
}

void
gn_test_hello_cut(gn_test_hello *hello, uint16_t type)
{
    const size_t at = place_of(hello, type);

    hello->extensions--;
    hello->extension[at] = hello->extension[hello->extensions];
}

void
gn_test_hello_set(gn_test_hello *hello, uint16_t type, const uint8_t *body, size_t len)
{
    hello->extension[place_of(hello, type)] =
        (gn_test_extension){.type = type, .body = body, .len = len};
}

static void
done(gn_err err)
{
    ck_assert_int_eq(err, GN_OK);
}

static void
write_lists(const gn_test_hello *hello, gn_writer *w)
{
    done(gn_writer_u16(w, hello->version));
    done(gn_writer_bytes(w, hello->random, sizeof hello->random));
    done(gn_writer_u8(w, (uint8_t)hello->session_len));
    done(gn_writer_fill(w, 0x55, hello->session_len));
    if (hello->type == 2) {
        done(gn_writer_u16(w, 0x1301));
    } else {
        done(gn_writer_u16(w, (uint16_t)hello->suites_len));
        done(gn_writer_fill(w, 0x13, hello->suites_len));
        done(gn_writer_u8(w, (uint8_t)hello->compressions));
    }
    done(gn_writer_fill(w, hello->compression, hello->type == 2 ? 1 : hello->compressions));
}

size_t
gn_test_hello_write(const gn_test_hello *hello, uint8_t *out, size_t cap)
{
    gn_writer w = gn_writer_over(out, cap);

    done(gn_writer_u32(&w, 0));
    if (hello->type != 8)
        write_lists(hello, &w);
    const size_t list_at = w.at;
    done(gn_writer_u16(&w, 0));
    for (size_t i = 0; i < hello->extensions; i++) {
        done(gn_writer_u16(&w, hello->extension[i].type));
        done(gn_writer_u16(&w, (uint16_t)hello->extension[i].len));
        done(gn_writer_bytes(&w, hello->extension[i].body, hello->extension[i].len));
    }
    gn_be_write_u16(out + list_at, (uint16_t)(w.at - list_at - 2));
    gn_be_write_u32(out, (uint32_t)hello->type * 0x1000000 + (uint32_t)(w.at - 4));
    return w.at;
}
