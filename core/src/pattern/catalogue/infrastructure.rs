//! GW4xx: files, network and machines, in Python and JavaScript.

use super::pattern;
use crate::model::Platform::Python;
use crate::pattern::Pattern;

pub(super) const PATTERNS: &[Pattern] = &[
    pattern!(
        "GW401", None, "integration", true, None,
        "file does not exist",
        "run the code from another working directory and with the file absent, and assert the answer",
        "\
What it means: a file is missing: a path relative to the working directory, a file that the deployment
left out, or data that a user deleted.
Why tests miss it: tests run in the repository, where the file lies.
How to test it: change the directory; remove the file.
Example:
    def test_templates_are_found_from_anywhere(tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert render(\"mail.txt\")",
    ),
    pattern!(
        "GW402", None, "integration", false,
        Some("rights on the machine are missing: fix the deployment"),
        "permission denied",
        "check owner and mode of the path; test only what the program tells the user then",
        "\
What it means: the process may not read, write or execute something, or the file system is read-only.
Why tests miss it: they run as another user, often as root.
How to test it: seldom worth a test. If users can cause it, assert the message they get.
Example:
    def test_unwritable_folder_is_reported(locked_dir):
        assert \"not writable\" in export(locked_dir).error",
    ),
    pattern!(
        "GW403", None, "integration", false,
        Some("a resource of the machine is used up"),
        "disk, quota or file handles used up",
        "look for the leak (files opened without closing) and watch the resource; a test can count open handles",
        "\
What it means: the disk is full, a quota is reached, or the process has too many files open.
Why tests miss it: they end before anything runs out.
How to test it: the shortage itself, no. A leak, yes: count handles before and after many calls.
Example:
    def test_no_handle_is_left_open(process):
        before = process.num_fds()
        for _ in range(100): read_config()
        assert process.num_fds() == before",
    ),
    pattern!(
        "GW404", None, "integration", true, None,
        "file operation failed",
        "arrange the state of the file system that the message names, and assert the answer",
        "\
What it means: a directory where a file was expected, a file that exists already, an unexpected end.
Why tests miss it: tests start from an empty folder.
How to test it: run the operation twice, or over leftovers.
Example:
    def test_export_twice(tmp_path):
        export(tmp_path)
        export(tmp_path)",
    ),
    pattern!(
        "GW405", None, "integration", false,
        Some("another machine was not reachable"),
        "connection failed",
        "test what the caller does without the service (retry, cached answer, clear error), not the connection",
        "\
What it means: a connection was refused or reset, a name did not resolve, the network was down.
Why tests miss it: services are mocked and always answer.
How to test it: the failure itself is not a bug. That it reached the top may be one: let the mock refuse
and assert the fallback.
Example:
    def test_rates_without_the_service(refusing_port):
        assert load_rates(port=refusing_port) == CACHED_RATES",
    ),
    pattern!(
        "GW406", None, "integration", false,
        Some("another machine answered too late"),
        "time limit exceeded",
        "test what the caller does when the limit strikes; look at the slow call itself with a profiler",
        "\
What it means: an answer, a lock or a job took longer than allowed.
Why tests miss it: test data is small and services are near.
How to test it: let the mock time out and assert the fallback. If your own code is slow, measure it.
Example:
    def test_slow_service(mock_api):
        mock_api.get(\"/rates\", exc=TimeoutError)
        assert load_rates() == CACHED_RATES",
    ),
    pattern!(
        "GW407", None, "e2e", false,
        Some("a certificate or TLS setting on one of the machines"),
        "TLS or certificate problem",
        "renew or install the certificate and watch its expiry",
        "\
What it means: a certificate expired, is signed by an unknown authority, or names another host.
Why tests miss it: tests use no TLS.
How to test it: no test; a monitor of the expiry date.
Example:
    openssl s_client -connect api.example.com:443 </dev/null | openssl x509 -noout -enddate",
    ),
    pattern!(
        "GW408", None, "integration", false,
        Some("memory of the machine is used up"),
        "out of memory",
        "find the input that made it grow; where it came from a user, test that a limit rejects it",
        "\
What it means: the process could not get more memory.
Why tests miss it: test data is small.
How to test it: bound the input, and test the bound.
Example:
    def test_huge_upload_is_rejected(client):
        assert client.post(\"/import\", data=b\"x\" * LIMIT + b\"x\").status_code == 413",
    ),
    pattern!(
        "GW409", None, "integration", false,
        Some("the interpreter or a compiled extension crashed"),
        "interpreter crashed",
        "find the extension in the innermost frames and its version; reproduce it in a child process if it is yours",
        "\
What it means: a segmentation fault, an abort or another fatal signal. The stack is the C level's view.
Why tests miss it: a crash depends on versions, threads and data.
How to test it: in a child process, so that the suite survives.
Example:
    def test_does_not_crash():
        assert subprocess.run([sys.executable, \"-c\", CODE]).returncode == 0",
    ),
    pattern!(
        "GW410", None, "integration", false,
        Some("another process holds the port"),
        "address already in use",
        "end the other process or choose another port; tests should ask for port 0",
        "\
What it means: a server could not bind its address.
Why tests miss it: they use free ports.
How to test it: not worth a test.
Example:
    ss -ltnp | grep :8000",
    ),
    pattern!(
        "GW411", Some(Python), "integration", true, None,
        "child process failed",
        "run the command with the arguments from the message and assert what the caller does with its failure",
        "\
What it means: a program that was started ended with an error.
Why tests miss it: the call is mocked, or the tool behaves otherwise on this machine.
How to test it: the real command in a temporary folder.
Example:
    def test_convert_reports_a_broken_image(tmp_path):
        (tmp_path / \"x.png\").write_bytes(b\"\")
        assert convert(tmp_path / \"x.png\").error",
    ),
    pattern!(
        "GW412", None, "integration", false,
        Some("an account, key or quota of another service"),
        "service refuses the credentials or the rate",
        "renew the key or raise the quota; test that the caller reports it instead of crashing",
        "\
What it means: another service rejected the key, the signature or the number of requests.
Why tests miss it: tests use fake keys with a fake service.
How to test it: let the fake answer 401 and 429, and assert the message and the waiting.
Example:
    def test_rate_limit_is_waited_for(mock_api, clock):
        mock_api.get(\"/v1\", [429, 200])
        assert fetch() and clock.slept > 0",
    ),
];
