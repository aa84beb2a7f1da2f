# SPDX-License-Identifier: GPL-2.0-only
# Rules of the cmocka programs; the Makefile here includes them. Host-side C never gets the path of
# the stubs, and subjects get no other path.

CC ?= cc
OBJCOPY ?= objcopy
BUILD ?= ../../.build/cmocka
SHIM := ../../CKernelShim
YAML := ../../Sources/CYAML
SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=undefined

PLAIN_FLAGS := -std=gnu11 -O1 -g -Wall -Wextra -Werror -fno-omit-frame-pointer \
	-I $(SHIM)/include -I $(SHIM)/subject/include
HOST_FLAGS := $(PLAIN_FLAGS) $(SANITIZE)
SUBJECT_FLAGS := $(HOST_FLAGS) -fno-strict-aliasing -fwrapv -nostdinc -I $(SHIM)/stubs -Wno-unused-parameter
LIBRARIES := -lcmocka -lseccomp

MACHINE := $(patsubst $(SHIM)/machine/%.c,$(BUILD)/machine/%.o,$(wildcard $(SHIM)/machine/*.c))
REFERENCE := $(patsubst $(SHIM)/subject/%.c,$(BUILD)/subject/%.o,$(wildcard $(SHIM)/subject/*.c))
PLAIN := $(patsubst $(SHIM)/machine/%.c,$(BUILD)/plain/%.o,$(wildcard $(SHIM)/machine/*.c)) \
	$(BUILD)/plain/fixture.o $(BUILD)/plain/test_confine.o
TESTS := $(patsubst test_%.c,$(BUILD)/test_%,$(wildcard test_*.c))
HEADERS := $(wildcard $(SHIM)/*/*.h $(SHIM)/stubs/*/*.h $(SHIM)/subject/*.inc \
	$(SHIM)/subject/include/*.h $(YAML)/include/*.h *.h)

.PHONY: all check clean
.SECONDARY:
all: $(TESTS)

check: $(TESTS)
	@for test in $(TESTS); do MHP_CC="$(CC)" $$test || exit 1; done

clean:
	rm -rf $(BUILD)

$(BUILD)/machine/%.o: $(SHIM)/machine/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(HOST_FLAGS) -c -o $@ $<

# A subject's global functions (arch_add_memory, ...) are its own: the reference is linked once for
# every index width.
$(BUILD)/subject/%.o: $(SHIM)/subject/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(SUBJECT_FLAGS) -c -o $@ $<
	$(OBJCOPY) --wildcard --keep-global-symbol='mhp_reference*' $@

$(BUILD)/%.o: %.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(HOST_FLAGS) -c -o $@ $<

# What reads the user's YAML files is no part of the shim, and its tests alone link libyaml.
$(BUILD)/yaml.o: $(YAML)/yaml.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(HOST_FLAGS) -I $(YAML)/include -c -o $@ $<

$(BUILD)/test_yaml_%: $(BUILD)/test_yaml_%.o $(BUILD)/yaml_fixture.o $(BUILD)/yaml.o
	$(CC) $(HOST_FLAGS) -o $@ $^ -lcmocka -lyaml

# These have no sanitizers, which make a system call at every long jump: no confined process may do that.
$(BUILD)/plain/%.o: $(SHIM)/machine/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(PLAIN_FLAGS) -c -o $@ $<

$(BUILD)/plain/%.o: %.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(PLAIN_FLAGS) -c -o $@ $<

$(BUILD)/test_confine: $(PLAIN)
	$(CC) $(PLAIN_FLAGS) -o $@ $^ $(LIBRARIES)

$(BUILD)/test_reference: $(REFERENCE)
$(BUILD)/test_%: $(BUILD)/test_%.o $(BUILD)/fixture.o $(MACHINE)
	$(CC) $(HOST_FLAGS) -o $@ $^ $(LIBRARIES)
