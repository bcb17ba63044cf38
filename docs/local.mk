dist_man_MANS += docs/effc.1
