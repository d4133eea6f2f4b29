# files.mk: the sources. The core's come in floor order: a file may include only
# headers of its own floor or of one named before it; tools/tidy.py checks.
FLOORS := base wire crypto tls recovery stream conn endpoint

REF    := $(foreach floor,$(FLOORS),$(wildcard ref/$(floor)/*.c))
SIM    := $(wildcard sim/*.c)
PYFFI  := pyffi/layout.c
PROPS  := $(wildcard tests/prop/prop_*.c)
SUITES := $(foreach floor,$(FLOORS) sim,$(wildcard tests/$(floor)/test_*.c))
TESTS  := tests/main.c $(wildcard tests/support/*.c) $(PROPS) $(SUITES)
