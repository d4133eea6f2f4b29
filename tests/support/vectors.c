/*
 * vectors.c: see vectors.h.
 */
#include "tests/support/vectors.h"

#include <check.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void
vectors_fail(const gn_test_vectors *v, int line, const char *what, const char *which)
{
    ck_abort_msg("%s:%d: %s%s", v->name, line, what, which);
}

void
gn_test_vectors_open(gn_test_vectors *v, const char *name)
{
    const char *dir = getenv("GN_VECTORS");
    char path[512];

    memset(v, 0, sizeof *v);
    snprintf(v->name, sizeof v->name, "%s", name);
    snprintf(path, sizeof path, "%s/%s", dir != NULL ? dir : "vectors", name);
    v->file = fopen(path, "r");
    if (v->file == NULL)
        vectors_fail(v, 0, "cannot open ", path);
}

/* Appends len characters and a closing zero; returns where they begin. */
static size_t
vectors_keep(gn_test_vectors *v, const char *from, size_t len)
{
    const size_t at = v->used;

    if (len + 1 > sizeof v->text - v->used)
        vectors_fail(v, v->line, "the case is too long", "");
    memcpy(v->text + at, from, len);
    v->text[at + len] = '\0';
    v->used += len + 1;
    return at;
}

static void
vectors_take_pair(gn_test_vectors *v, char *line)
{
    char *colon = strchr(line, ':');

    if (colon == NULL || colon == line)
        vectors_fail(v, v->line, "expected `key: value`, found ", line);
    if (v->keys == GN_TEST_VECTOR_KEYS)
        vectors_fail(v, v->line, "too many keys", "");
    *colon = '\0';
    if (gn_test_vectors_has(v, line))
        vectors_fail(v, v->line, "the key is there already: ", line);

    const char *value = colon + 1;
    while (*value == ' ')
        value++;
    v->key[v->keys] = vectors_keep(v, line, strlen(line));
    v->value[v->keys] = vectors_keep(v, value, strlen(value));
    v->keys++;
}

/* A line that begins with a blank goes on with the value above it. */
static void
vectors_take_more(gn_test_vectors *v, const char *line)
{
    while (*line == ' ')
        line++;
    if (v->keys == 0)
        vectors_fail(v, v->line, "nothing to go on with", "");
    v->used--;
    (void)vectors_keep(v, line, strlen(line));
}

bool
gn_test_vectors_next(gn_test_vectors *v)
{
    char line[4096];

    v->keys = 0;
    v->used = 0;
    while (fgets(line, sizeof line, v->file) != NULL) {
        v->line++;
        if (strchr(line, '\n') == NULL && !feof(v->file))
            vectors_fail(v, v->line, "the line is too long", "");
        size_t len = strlen(line);
        while (len > 0 && isspace((unsigned char)line[len - 1]))
            line[--len] = '\0';

        if (line[0] == '#')
            continue;
        if (len == 0) {
            if (v->keys > 0)
                return true;
            continue;
        }
        if (v->keys == 0)
            v->case_line = v->line;
        if (line[0] == ' ')
            vectors_take_more(v, line);
        else
            vectors_take_pair(v, line);
    }
    if (v->keys > 0)
        return true;
    fclose(v->file);
    v->file = NULL;
    return false;
}

static const char *
vectors_find(const gn_test_vectors *v, const char *key)
{
    for (size_t i = 0; i < v->keys; i++)
        if (strcmp(v->text + v->key[i], key) == 0)
            return v->text + v->value[i];
    return NULL;
}

bool
gn_test_vectors_has(const gn_test_vectors *v, const char *key)
{
    return vectors_find(v, key) != NULL;
}

const char *
gn_test_vectors_text(const gn_test_vectors *v, const char *key)
{
    const char *value = vectors_find(v, key);

    if (value == NULL)
        vectors_fail(v, v->case_line, "the case lacks the key ", key);
    return value;
}

bool
gn_test_vectors_is(const gn_test_vectors *v, const char *key, const char *text)
{
    return strcmp(gn_test_vectors_text(v, key), text) == 0;
}

bool
gn_test_vectors_word(const char **at, char *out, size_t cap)
{
    *at += strspn(*at, " ");
    const size_t len = strcspn(*at, " ");

    ck_assert_uint_lt(len, cap);
    memcpy(out, *at, len);
    out[len] = '\0';
    *at += len;
    return len > 0;
}

uint64_t
gn_test_vectors_u64(const gn_test_vectors *v, const char *key)
{
    const char *text = gn_test_vectors_text(v, key);
    const int base = strncmp(text, "0x", 2) == 0 ? 16 : 10;
    char *end = NULL;

    errno = 0;
    const unsigned long long value = strtoull(text, &end, base);
    if (errno != 0 || end == text || *end != '\0' || !isdigit((unsigned char)text[0]))
        vectors_fail(v, v->case_line, "not a number: ", text);
    return value;
}

static int
hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, tolower((unsigned char)c));

    return at == NULL ? -1 : (int)(at - digits);
}

size_t
gn_test_vectors_bytes(const gn_test_vectors *v, const char *key, uint8_t *out, size_t cap)
{
    const char *text = gn_test_vectors_text(v, key);
    size_t n = 0;

    while (*text != '\0') {
        if (*text == ' ') {
            text++;
            continue;
        }
        const int high = hex_digit(text[0]);
        const int low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0)
            vectors_fail(v, v->case_line, "not bytes in hexadecimal: ", text);
        if (n == cap)
            vectors_fail(v, v->case_line, "too many bytes: ", key);
        out[n++] = (uint8_t)(high * 16 + low);
        text += 2;
    }
    return n;
}
