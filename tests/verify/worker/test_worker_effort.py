"""An attempt is measured by what the processor did; the clock counts for what waits."""

from __future__ import annotations

import time

from worker_harness import Drive, only

from bluehook.verify.worker.effort import Effort


def test_waiting_costs_a_share_of_the_clock() -> None:
    effort = Effort()
    effort.begin(1.0, 100.0)
    time.sleep(0.2)
    assert effort.spent() < 0.1
    effort.begin(1.0, 0.0)
    time.sleep(0.2)
    assert effort.spent() >= 0.2


def test_work_costs_all_of_it() -> None:
    effort = Effort()
    effort.begin(1.0, 100.0)
    until = time.process_time() + 0.05
    while time.process_time() < until:
        pass
    assert effort.spent() >= 0.05


def test_sleeping_code_is_driven_to_its_end(drive: Drive) -> None:
    source = """
        import os, time
        def target(host):
            time.sleep(30)
            os.system("ping -c 1 " + host)
    """
    assert only(drive(source), "command-injection")["ending"] == "proven"


def test_endless_loop_is_cut(drive: Drive) -> None:
    source = """
        import os
        def target(host):
            os.system("ping -c 1 " + host)
            while True:
                pass
    """
    assert only(drive(source), "command-injection")["ending"] == "proven"
