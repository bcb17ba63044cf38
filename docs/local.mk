dist_man_MANS += docs/effc.1

# One page a code; `effc explain` prints them.
EXTRA_DIST += docs/mistakes docs/check-json.md docs/state.md
