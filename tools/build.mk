# build.mk: how things are built. Each configuration is a compiler with its
# options and has its own folder: build/opt, build/asan, build/fuzz, build/afl,
# and one more of the caller's: make CFG=name CC=... OPT=... build/name/gnomon-sim
WARN     := -std=c11 -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes \
            -Wmissing-prototypes -Wvla -Werror
INCLUDE  := -I. -Iref -Itests -Ibuild/gen
FLAGS    := $(WARN) $(INCLUDE) -fPIC -fvisibility=hidden -ffunction-sections -fdata-sections
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
WOLFSSL  := .deps/wolfssl
WOLF     := $(WOLFSSL)/lib/libgnomon_wolf.a
LIBS     := $(WOLF) -Wl,--gc-sections -lpthread -lm
SHARED   := -shared -Wl,--no-undefined -Wl,--exclude-libs,ALL -Wl,-z,relro,-z,now

# The core names no system but C; only adapters (*wolf*) see wolfSSL's headers.
wolf_only  = $(foreach source,$(1),$(if $(findstring wolf,$(notdir $(source))),$(source)))
for_source = $(if $(filter ref/%,$(1)),,-D_POSIX_C_SOURCE=200809L) $(if $(call wolf_only,$(1)), \
             -isystem $(WOLFSSL)/include -DWOLFSSL_USER_SETTINGS)
objects    = $(patsubst %.c,build/$(1)/%.o,$(2))
no_main    = $(filter-out sim/main.c,$(SIM))

# $(1) configuration, $(2) compiler and options
define configuration
build/$(1)/%.o: %.c tools/build.mk
	@mkdir -p $$(@D)
	@$(2) $(FLAGS) $$(call for_source,$$<) -MMD -MP -c $$< -o $$@
$(call objects,$(1),$(call wolf_only,$(REF) $(SIM) $(TESTS))): $(WOLF)
$(call objects,$(1),$(TESTS)): build/gen/suites.h build/gen/suites.inc build/gen/prop.h

build/$(1)/libgnomon.a: $(call objects,$(1),$(REF))
	@rm -f $$@ && ar rcsD $$@ $$^
build/$(1)/libgnomon_quic.so: $(call objects,$(1),$(REF)) $(WOLF)
	@$(2) $(SHARED) $(call objects,$(1),$(REF)) $(LIBS) -o $$@
build/$(1)/libgnomon_sim.so: $(call objects,$(1),$(REF) $(no_main) $(PYFFI)) $(WOLF)
	@$(2) $(SHARED) $(call objects,$(1),$(REF) $(no_main) $(PYFFI)) $(LIBS) -lyaml -o $$@
build/$(1)/gnomon-sim: $(call objects,$(1),$(SIM) $(REF)) $(WOLF)
	@$(2) $(call objects,$(1),$(SIM) $(REF)) $(LIBS) -lyaml -o $$@
build/$(1)/gnomon-test: $(call objects,$(1),$(TESTS) $(no_main) $(REF)) $(WOLF)
	@$(2) $(call objects,$(1),$(TESTS) $(no_main) $(REF)) $(LIBS) -lyaml \
	    $$(shell pkg-config --libs check) -o $$@

build/$(1)/fuzz/driver_%.o: fuzz/driver.c tests/prop/prop_%.c build/gen/prop.h tools/build.mk
	@mkdir -p $$(@D)
	@$(2) $(FLAGS) -DGN_PROP=gn_prop_$$* -c $$< -o $$@
build/$(1)/libsupport.a: $(call objects,$(1),$(filter tests/support/%,$(TESTS)))
	@rm -f $$@ && ar rcsD $$@ $$^
build/$(1)/fuzz-%: build/$(1)/fuzz/driver_%.o build/$(1)/tests/prop/prop_%.o \
    $(call objects,$(1),$(no_main) $(REF)) build/$(1)/libsupport.a $(WOLF)
	@$(2) -fsanitize=fuzzer $$(filter %.o %/libsupport.a,$$^) $(LIBS) -lyaml \
	    $$(shell pkg-config --libs check) -o $$@

-include $(patsubst %.c,build/$(1)/%.d,$(REF) $(SIM) $(PYFFI) $(TESTS))
endef

# The product is optimised as one program: a tenth fewer instructions a datagram. Its objects also
# hold plain code, for who links the static library in another way.
$(eval $(call configuration,opt,gcc -O3 -g -flto=auto -ffat-lto-objects))
# Instrumented code confuses the size estimates of snprintf: gcc then warns of nothing.
$(eval $(call configuration,asan,gcc -O1 -g $(SANITIZE) -Wno-format-truncation))
$(eval $(call configuration,fuzz,clang -O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link))
$(eval $(call configuration,afl,afl-clang-fast -O2 -g))
ifdef CFG
$(eval $(call configuration,$(CFG),$(CC) $(OPT)))
endif

# Once for all configurations: with the compiler and the options of none of them.
$(WOLF): $(wildcard tools/wolfssl/* tools/wolfssl/patches/*)
	@env -u CC -u OPT -u DEF tools/wolfssl/build $(WOLFSSL) && touch $@

# Which suites and properties there are follows from the names of their files. The
# lists are made every time, and replaced only when they changed.
build/gen/suites.h build/gen/suites.inc build/gen/prop.h: FORCE
	@mkdir -p $(@D) && tools/generate $(@F) $(SUITES) $(PROPS) >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
.PHONY: FORCE
FORCE:
