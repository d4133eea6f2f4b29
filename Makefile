# Makefile: what can be made. files.mk says from which sources, tools/build.mk how.
include files.mk

FUZZ      ?= $(PROPS:tests/prop/prop_%.c=%)
FUZZ_TIME ?= 10
DEMO      := sim/scenarios/wifi-to-lte-hard-cut.yaml
SUITE     ?=
MUTANTS   ?=
ENGINES   ?=
PYTHON    ?= /usr/bin/python3

MAKEFLAGS += --no-print-directory
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: help bootstrap lib sim demo test check tidy purity determinism exhaust prove prove-eva prove-mutants fuzz fuzz-afl bench \
        vectors format clean
include tools/build.mk

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 14

bootstrap: ## install what this machine lacks, build wolfSSL (Debian 12 or 13)
	@tools/bootstrap

lib: build/libgnomon_quic.so build/libgnomon.a ## the library, shared and static
build/libgnomon_quic.so build/libgnomon.a build/libgnomon_sim.so build/gnomon-sim: build/%: build/opt/%
	@ln -f $< $@

sim: build/gnomon-sim build/libgnomon_sim.so ## the network simulator, as command and library

demo: bootstrap ## watch a connection move from wifi to LTE under loss, twice the same
	@$(MAKE) lib sim
	@build/gnomon-sim run $(DEMO) --twice
	@PYTHONPATH=pyffi $(PYTHON) -m gnomon_quic plot $(DEMO) -o build/demo.png
	@PYTHONPATH=pyffi $(PYTHON) -m gnomon_quic report $(DEMO) -o build/demo.html

test: bootstrap ## every test; the last line counts them
	@$(MAKE) lib sim build/asan/gnomon-test build/asan/gnomon-sim
	@$(PYTHON) tools/run_tests.py

check: build/asan/gnomon-test ## the Check suites alone (SUITE=wire/varint for one)
	@build/asan/gnomon-test $(SUITE)

tidy: build/opt/libgnomon.a build/gen/prop.h build/gen/suites.h ## the rules a machine can check
	@$(PYTHON) pyffi/generate.py --check
	@$(PYTHON) tools/certificates.py --check
	@$(PYTHON) tools/tidy.py
	@$(PYTHON) tools/trace.py --check

purity: build/opt/libgnomon.a lib ## no clock, entropy, file, socket or allocator in the core
	@$(PYTHON) tools/purity.py build/opt/ref build/libgnomon_quic.so

determinism: bootstrap ## the same hash from every compiler, option, sanitizer and machine
	@$(if $(QUICK),,tools/bootstrap cross)
	@$(PYTHON) tools/determinism.py $(QUICK)

exhaust: bootstrap ## handshakes end, whichever one or two of 60 datagrams are lost
	@$(MAKE) sim
	@$(PYTHON) tools/exhaust.py $(QUICK)

prove: ## the proofs (needs: tools/bootstrap proofs)
	@proofs/prove
	@proofs/eva
	@proofs/bounded

prove-eva: ## the abstract interpreter's part alone
	@proofs/eva

prove-mutants: ## plants small faults: which engine notices? (MUTANTS=id,... for some)
	@proofs/mutate $(if $(MUTANTS),--only $(MUTANTS)) $(if $(ENGINES),--engines $(ENGINES))

fuzz: $(FUZZ:%=build/fuzz/fuzz-%) ## libFuzzer, FUZZ_TIME=10 seconds a target (FUZZ="varint ...")
	@tools/fuzz libfuzzer $(FUZZ_TIME) $(FUZZ)

fuzz-afl: $(FUZZ:%=build/afl/fuzz-%) ## the same targets under AFL++ (needs: tools/bootstrap fuzz)
	@tools/fuzz afl $(FUZZ_TIME) $(FUZZ)

vectors: ## the test vectors as JSON, with their schema, in build/vectors
	@$(PYTHON) tools/vectors.py

bench: sim ## speed and size of the simulator, speed of the codecs (beside others': bootstrap bench)
	@$(PYTHON) tools/bench.py

format: ## clang-format over every C file
	@clang-format -i $(shell find ref sim tests fuzz proofs tools -name '*.[ch]')

clean: ## everything made but wolfSSL (.deps)
	@rm -rf build
