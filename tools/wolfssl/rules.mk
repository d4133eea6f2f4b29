# rules.mk: compiles wolfSSL and gn_wolf.c into libgnomon_wolf.a; called by ./build.
#   SRC  the patched wolfSSL tree      CFG  this directory      OUT  where objects go
#   OPT  optimisation and sanitizers   DEF  further -D flags
CC  ?= gcc
OPT ?= -O2 -g1
DEF ?=

ASM   := $(if $(findstring NO_ASM,$(DEF)),,$(findstring x86_64,$(shell $(CC) -dumpmachine)))
FLAGS := $(OPT) $(DEF) -fPIC -fvisibility=hidden -ffunction-sections -fdata-sections -fwrapv -w \
         -DWOLFSSL_USER_SETTINGS -DBUILDING_WOLFSSL -DNDEBUG -ffile-prefix-map=$(SRC)=wolfssl \
         -I$(CFG) -I$(SRC)
WARN  := -std=c11 -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror

TLS    := internal keys quic ssl tls tls13 wolfio
CRYPT  := aes asn chacha chacha20_poly1305 coding cpuid curve25519 ecc ed25519 error fe_operations \
          ge_operations hash hmac kdf logging md5 memory poly1305 random rsa sha sha256 sha3 sha512 \
          signature sp_c64 sp_int sp_x86_64 wc_encrypt wc_kyber wc_kyber_poly wc_port \
          wolfevent wolfmath
ASMS   := aes_asm aes_gcm_asm chacha_asm fe_x25519_asm poly1305_asm sha256_asm sha3_asm sha512_asm \
          sp_x86_64_asm wc_kyber_asm
OBJECTS := $(TLS:%=$(OUT)/src/%.o) $(CRYPT:%=$(OUT)/wolfcrypt/src/%.o) \
           $(if $(ASM),$(ASMS:%=$(OUT)/wolfcrypt/src/%_S.o)) $(OUT)/gn_wolf.o

$(OUT)/libgnomon_wolf.a: $(OBJECTS)
	@rm -f $@
	@ar rcsD $@ $^

$(OUT)/wolfcrypt/src/aes.o: FLAGS += $(if $(ASM),-maes -msse4 -mpclmul)
$(OUT)/%.o: $(SRC)/%.c
	@mkdir -p $(@D)
	@$(CC) $(FLAGS) -c $< -o $@

$(OUT)/%_S.o: $(SRC)/%.S
	@mkdir -p $(@D)
	@$(CC) $(FLAGS) -include user_settings.h -c $< -o $@

$(OUT)/gn_wolf.o: $(CFG)/gn_wolf.c
	@mkdir -p $(@D)
	@$(CC) $(WARN) $(OPT) -fPIC -fvisibility=hidden -I$(CFG) -c $< -o $@
