/*
 * driver.c: one property, -DGN_PROP=gn_prop_<noun>, given to a fuzzer.
 *
 * libFuzzer (and AFL++ with its libFuzzer driver) calls the entry below. With
 * -DGN_FUZZ_AFL there is a main instead: it reads the files it is given, or
 * else the standard input, again and again where AFL++ keeps the process.
 * Without any fuzzer that main replays findings.
 */
#include <stdio.h>
#include <stdlib.h>

#include "prop.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (!GN_PROP(bytes, len))
        abort();
    return 0;
}

#ifdef GN_FUZZ_AFL

/* Longer inputs are cut: no datagram is longer. */
#define INPUT_MAX 65536

#ifndef __AFL_LOOP
/* Without AFL++'s compiler: once. */
static int afl_rounds = 1;
#define __AFL_LOOP(most) (afl_rounds-- > 0)
#endif

static void
feed(FILE *file)
{
    static uint8_t input[INPUT_MAX];
    const size_t len = fread(input, 1, sizeof input, file);

    /* A copy of its own length, so that a step past its end is seen. */
    uint8_t *bytes = malloc(len > 0 ? len : 1);
    if (bytes == NULL)
        abort();
    for (size_t i = 0; i < len; i++)
        bytes[i] = input[i];
    (void)LLVMFuzzerTestOneInput(bytes, len);
    free(bytes);
}

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");

        if (file == NULL) {
            perror(argv[i]);
            return EXIT_FAILURE;
        }
        feed(file);
        fclose(file);
    }
    if (argc > 1)
        return EXIT_SUCCESS;
    while (__AFL_LOOP(10000)) {
        feed(stdin);
        clearerr(stdin);
    }
    return EXIT_SUCCESS;
}

#endif
