//! What must hold for every input, whatever its bytes: the fuzz targets differ in what they call, not in what they ask.
//!
//! Nothing here says which failures a text should give; fixtures do that. An assertion that fails ends the process, which
//! is how libFuzzer learns of it.
#![forbid(unsafe_code)]

mod cuts;
pub mod reading;

pub use cuts::Cuts;

use guwu_core::model::{Exception, Failure, Platform, Trace};

/// Traces lie within their text, on character boundaries, in its order, and hold an exception.
pub fn traces_are_sound(text: &str, traces: &[Trace], platform: Platform) {
    let mut before = 0;
    for trace in traces {
        assert!(
            trace.start < trace.end && trace.end <= text.len(),
            "trace covers {}..{} of {} bytes",
            trace.start,
            trace.end,
            text.len()
        );
        assert!(
            text.is_char_boundary(trace.start) && text.is_char_boundary(trace.end),
            "trace {}..{} cuts a character",
            trace.start,
            trace.end
        );
        assert!(
            trace.start >= before,
            "trace at {} after one at {before}",
            trace.start
        );
        before = trace.start;
        assert_eq!(trace.platform, platform);
        exceptions_are_sound(&trace.exceptions);
    }
}

fn exceptions_are_sound(exceptions: &[Exception]) {
    assert!(!exceptions.is_empty(), "a trace without an exception");
    assert!(
        exceptions.iter().any(|e| e.group_path.is_empty()),
        "every exception is a member of a group that is not there"
    );
    assert_eq!(
        exceptions.first().and_then(|e| e.relation),
        None,
        "the first exception comes from none before it"
    );
}

/// A failure is complete: it can be grouped, named and found again, and its JSON reads back as the same failure.
pub fn failure_is_sound(input: &[u8], failure: &Failure) {
    exceptions_are_sound(&failure.exceptions);
    for id in [&failure.fingerprint, &failure.family] {
        let hex = id.strip_prefix("1:").unwrap_or("");
        assert!(
            hex.len() == 16 && hex.bytes().all(|b| b.is_ascii_hexdigit()),
            "odd fingerprint {id:?}"
        );
    }
    assert!(
        guwu_core::pattern::all()
            .iter()
            .any(|p| p.code == failure.pattern),
        "unknown pattern {:?}",
        failure.pattern
    );
    assert!(!failure.title.is_empty());
    assert!(failure.count > 0);
    assert!(failure.origin.line > 0);
    assert!(
        failure.origin.offset <= input.len() as u64,
        "origin {} lies after all {} bytes",
        failure.origin.offset,
        input.len()
    );
    json_is_sound(failure);
}

/// The JSON is one line that no terminal obeys and that reads back as what was written.
fn json_is_sound(failure: &Failure) {
    let json = guwu_core::json::failure(failure);
    assert!(
        !json.contains(|c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}'),
        "a control character stands in {json:?}"
    );
    match serde_json::from_str::<Failure>(&json) {
        Ok(read) => assert_eq!(&read, failure, "JSON lost something"),
        Err(error) => panic!("{error} in {json}"),
    }
}
