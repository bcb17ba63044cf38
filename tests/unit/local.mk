include tests/unit/base.mk
include tests/unit/schemas.mk
include tests/unit/spec.mk
include tests/unit/compiler.mk
include tests/unit/planner.mk
include tests/unit/bundle.mk
include tests/unit/net.mk
include tests/unit/aws.mk
include tests/unit/driver.mk
include tests/unit/store.mk
include tests/unit/executor.mk
include tests/unit/cli.mk

EXTRA_DIST += tests/unit/random_value.h tests/unit/unit.h
