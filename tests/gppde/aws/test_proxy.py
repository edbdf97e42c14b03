"""What the other tests rely on to let things go wrong at AWS."""

import time
from concurrent.futures import ThreadPoolExecutor

from custom_components.gppde.aws.cloud import Cloud

from .faults import Held, Refused, Slow
from .launching import HOME, a_launch
from .proxy import Proxy


def test_each_call_is_written_down_with_what_was_in_it(cloud: Cloud, aws: Proxy) -> None:
    cloud.instances(HOME)

    (call,) = aws.requests
    assert (call.service, call.action, call.region) == ("ec2", "DescribeInstances", "us-east-1")
    assert call.parameters["Filter.1.Value.1"] == HOME


def test_a_call_can_be_held_before_it_is_carried_out(cloud: Cloud, aws: Proxy) -> None:
    wish = a_launch(cloud)
    held = Held(action="RunInstances", carried_out=False)
    aws.faults = [held]

    with ThreadPoolExecutor() as pool:
        launch = pool.submit(cloud.launch, wish)
        assert held.reached.wait(10)
        assert cloud.instances(HOME) == []
        held.released.set()

    assert launch.result().attempt == wish.attempt


def test_a_call_can_be_held_after_it_was_carried_out(cloud: Cloud, aws: Proxy) -> None:
    wish = a_launch(cloud)
    held = Held(action="RunInstances", carried_out=True)
    aws.faults = [held]

    with ThreadPoolExecutor() as pool:
        launch = pool.submit(cloud.launch, wish)
        assert held.reached.wait(10)
        (running,) = cloud.instances(HOME)
        held.released.set()

    assert launch.result().id == running.id


def test_a_call_can_take_its_time(cloud: Cloud, aws: Proxy) -> None:
    aws.faults = [Slow(seconds=0.3)]
    start = time.monotonic()

    cloud.identity()

    assert time.monotonic() - start >= 0.3


def test_faults_befall_calls_in_their_order(cloud: Cloud, aws: Proxy) -> None:
    aws.faults = [
        Refused(action="TerminateInstances", code="InternalError", status=500),
        Refused(code="RequestLimitExceeded", status=503),
    ]

    assert cloud.instances(HOME) == []
    assert [fault.times for fault in aws.faults] == [1, 0]
