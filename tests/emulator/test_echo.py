"""Reads that come back in other words than were written: the plan after apply is still empty."""

import unittest

from case import Case


class Echo(Case):
    def check(self, example):
        for seed in range(3):
            with self.subTest(example=example, seed=seed):
                self.emulator.reset()
                self.proxy.clear()
                with self.workspace(example) as project:
                    # The apply itself may see plain or strange words; the plans after it see others again.
                    self.proxy.echo_seed = None if seed == 0 else seed
                    project.run(self.proxy, "apply", "--yes", code=0)
                    for other in (seed + 10, seed + 20):
                        self.proxy.echo_seed = other
                        self.assert_empty(project.plan(self.proxy, code=0))

    def test_shop(self):
        self.check("shop")

    def test_raw(self):
        self.check("raw")


if __name__ == "__main__":
    unittest.main()
