//! GW5xx: tasks, threads, processes.

use super::pattern;
use crate::model::Platform::Python;
use crate::pattern::Pattern;

pub(super) const PATTERNS: &[Pattern] = &[
    pattern!(
        "GW501", Some(Python), "unit", true, None,
        "coroutine used without await",
        "await the real coroutine in an async test; replace mocks by `AsyncMock` with a spec",
        "\
What it means: a coroutine object was used as if it were its result, or something that can not be awaited
was awaited. A function became async and a caller did not.
Why tests miss it: the callee is mocked by a plain mock, which returns the value at once.
How to test it: an async test with the real callee.
Example:
    @pytest.mark.asyncio
    async def test_profile(store):
        assert (await load_profile(store, 1)).name == \"bob\"",
    ),
    pattern!(
        "GW502", Some(Python), "integration", true, None,
        "event loop misused",
        "run the function as production does (inside the server's loop, or from a thread) in a test",
        "\
What it means: no loop runs in this thread, a loop runs already, it was closed, or an object belongs to
another loop.
Why tests miss it: the test plugin provides a fresh loop for each test.
How to test it: call it from where production calls it.
Example:
    def test_can_be_called_from_a_thread():
        with ThreadPoolExecutor() as pool:
            assert pool.submit(refresh).result(timeout=5)",
    ),
    pattern!(
        "GW503", Some(Python), "integration", true, None,
        "several tasks failed",
        "let one task of the group fail in a test and assert what the others and the caller do",
        "\
What it means: a task group ended with one or more exceptions; the members say what went wrong.
Why tests miss it: in tests every task succeeds.
How to test it: make each task fail in turn.
Example:
    async def test_one_feed_fails(feeds):
        feeds[0].error = TimeoutError()
        assert len(await collect(feeds)) == len(feeds) - 1",
    ),
    pattern!(
        "GW504", Some(Python), "unit", true, None,
        "collection changed while it was iterated",
        "change the collection from inside the loop in a test, or from a second thread, and assert the result",
        "\
What it means: a loop over a dict or a set met an insertion or a removal, by its own body or by another
thread.
Why tests miss it: one thread, and no element that triggers the change.
How to test it: an element that triggers it.
Example:
    def test_listener_that_unsubscribes_itself(bus):
        bus.on(\"x\", lambda: bus.clear(\"x\"))
        bus.emit(\"x\")",
    ),
    pattern!(
        "GW505", Some(Python), "integration", true, None,
        "object can not be sent to another process",
        "pickle the argument and the exception in a test, or run the task in a real process pool",
        "\
What it means: an argument, a result or an exception could not be pickled: a lambda, a lock, an open
connection, or an exception whose constructor takes other arguments.
Why tests miss it: tests run the task in the same process.
How to test it: a round trip.
Example:
    def test_error_survives_the_pool():
        assert pickle.loads(pickle.dumps(PaymentDeclined(\"7\", 3))).code == 3",
    ),
    pattern!(
        "GW506", Some(Python), "integration", false,
        Some("a worker process was killed from outside, often for its memory"),
        "worker process died",
        "look for the killer (memory limit, signal) in the system's log; test that the job is retried",
        "\
What it means: a process of a pool or a queue ended without an answer.
Why tests miss it: nothing kills processes there.
How to test it: kill the worker and assert the retry.
Example:
    def test_lost_job_is_retried(queue, worker):
        worker.kill()
        assert queue.wait(job).attempts == 2",
    ),
    pattern!(
        "GW507", Some(Python), "integration", true, None,
        "queue was empty or full",
        "let the producer or the consumer stop in a test and assert what the other side does",
        "\
What it means: a queue operation with a time limit (or none allowed) found nothing, or no room.
Why tests miss it: both sides run in step.
How to test it: run one side alone.
Example:
    def test_consumer_without_work(queue):
        assert consume(queue, timeout=0) == 0",
    ),
    pattern!(
        "GW508", Some(Python), "integration", false,
        Some("a resource of the machine is used up"),
        "no more threads can be started",
        "look for threads that never end; a test can count them before and after",
        "\
What it means: the limit of threads or memory is reached.
Why tests miss it: they end early.
How to test it: the leak, not the limit.
Example:
    def test_no_thread_is_left():
        before = threading.active_count()
        run_job()
        assert threading.active_count() == before",
    ),
];
