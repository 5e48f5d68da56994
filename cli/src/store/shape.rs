//! Gives a failure the form in which it is stored: secrets out, sizes bounded. Ids were computed before and stay.

use guwu_core::model::{Failure, StackEntry};
use guwu_core::redact;

/// More frames than this are cut down to the first and last `FRAMES_KEPT`.
const FRAMES_MAX: usize = 200;
const FRAMES_KEPT: usize = 50;
/// More exceptions than this in one failure are cut down to the first and last `EXCEPTIONS_KEPT`.
const EXCEPTIONS_MAX: usize = 100;
const EXCEPTIONS_KEPT: usize = 25;
/// Bytes of a message kept.
const MESSAGE_MAX: usize = 16 * 1024;
/// Bytes of a source line, a name or a note kept.
const LINE_MAX: usize = 2 * 1024;
const NOTES_MAX: usize = 50;

/// Redacts and bounds in place.
pub(crate) fn shape(failure: &mut Failure) {
    let mut cut = Vec::new();
    bound_stacks(failure, &mut cut);
    // Before texts are cut: half a secret has lost the mark that gave it away.
    redact::failure(failure);
    bound_texts(failure, &mut cut);
    failure.notes.append(&mut cut);
    failure.notes.truncate(NOTES_MAX);
}

fn bound_stacks(failure: &mut Failure, cut: &mut Vec<String>) {
    let exceptions = &mut failure.exceptions;
    if exceptions.len() > EXCEPTIONS_MAX {
        let left_out = exceptions.len() - 2 * EXCEPTIONS_KEPT;
        exceptions.drain(EXCEPTIONS_KEPT..EXCEPTIONS_KEPT + left_out);
        cut.push(format!(
            "{left_out} exceptions of the chain were not stored"
        ));
    }
    for exception in exceptions {
        if exception.frames.len() > FRAMES_MAX {
            let left_out = exception.frames.len() - 2 * FRAMES_KEPT;
            // A mark that goes with the cut part stands for more frames than one.
            let elided = exception.frames[FRAMES_KEPT..FRAMES_KEPT + left_out]
                .iter()
                .map(|entry| match entry {
                    StackEntry::Frame(_) => 1,
                    StackEntry::Repeated { repeated } => *repeated,
                    StackEntry::Elided { elided } => *elided,
                })
                .fold(0u64, u64::saturating_add);
            exception.frames.splice(
                FRAMES_KEPT..FRAMES_KEPT + left_out,
                [StackEntry::Elided { elided }],
            );
            cut.push(format!("{elided} frames in the middle were not stored"));
        }
        exception.notes.truncate(NOTES_MAX);
    }
    failure.notes.truncate(NOTES_MAX);
}

fn bound_texts(failure: &mut Failure, cut: &mut Vec<String>) {
    for exception in &mut failure.exceptions {
        shorten(&mut exception.message, MESSAGE_MAX, "message", cut);
        shorten(&mut exception.type_name, LINE_MAX, "type", cut);
        shorten(&mut exception.module, LINE_MAX, "module", cut);
        for note in &mut exception.notes {
            shorten_text(note, LINE_MAX);
        }
        if let Some(place) = &mut exception.syntax {
            shorten(&mut place.source_line, LINE_MAX, "source line", cut);
            shorten(&mut place.file, LINE_MAX, "file name", cut);
        }
        for entry in &mut exception.frames {
            if let StackEntry::Frame(frame) = entry {
                shorten(&mut frame.source_line, LINE_MAX, "source line", cut);
                shorten(&mut frame.function, LINE_MAX, "function name", cut);
                shorten(&mut frame.file, LINE_MAX, "file name", cut);
            }
        }
    }
    shorten(&mut failure.log_message, MESSAGE_MAX, "log message", cut);
    shorten(&mut failure.logger, LINE_MAX, "logger name", cut);
    shorten(&mut failure.level, LINE_MAX, "level", cut);
    shorten(&mut failure.timestamp, LINE_MAX, "timestamp", cut);
    shorten_text(&mut failure.title, LINE_MAX);
    for note in &mut failure.notes {
        shorten_text(note, LINE_MAX);
    }
}

fn shorten(text: &mut Option<String>, max: usize, what: &str, cut: &mut Vec<String>) {
    if let Some(text) = text {
        let whole = text.len();
        if shorten_text(text, max) {
            cut.push(format!("the {what} of {whole} bytes was shortened"));
        }
    }
}

fn shorten_text(text: &mut String, max: usize) -> bool {
    if text.len() <= max {
        return false;
    }
    text.truncate(text.floor_char_boundary(max));
    text.push('…');
    true
}

/// An example that weighs less has no captured values.
pub(crate) const CAPTURED: i64 = 2_000_000;
const COMPLETE: i64 = 1_000_000;

/// How much an occurrence tells: captured values before none, complete before partial, then frames, source lines, chain, the record's own text.
pub(crate) fn weight(failure: &Failure) -> i64 {
    let mut weight = 0;
    for exception in &failure.exceptions {
        weight += 2 + i64::from(exception.message.as_ref().is_some_and(|m| !m.is_empty()));
        for frame in exception.plain_frames() {
            weight += 4 + i64::from(frame.source_line.is_some());
        }
    }
    weight += i64::from(failure.log_message.is_some());
    weight += i64::from(failure.level.is_some());
    weight += i64::from(failure.timestamp.is_some());
    if failure.captured.is_some() {
        weight += CAPTURED;
    }
    if !failure.partial {
        weight += COMPLETE;
    }
    weight
}

#[cfg(test)]
mod tests {
    use guwu_core::model::{Exception, Frame, Origin, Platform};

    use super::*;

    fn failure(exceptions: Vec<Exception>) -> Failure {
        Failure {
            platform: Platform::Python,
            exceptions,
            fingerprint: "1:0".to_owned(),
            family: "1:0".to_owned(),
            pattern: String::new(),
            title: String::new(),
            level: None,
            logger: None,
            timestamp: None,
            log_message: None,
            count: 1,
            partial: false,
            origin: Origin::default(),
            notes: Vec::new(),
            captured: None,
        }
    }

    #[test]
    fn deep_recursion_keeps_both_ends() {
        let frames = (0..20_000)
            .map(|line| {
                StackEntry::Frame(Frame {
                    line: Some(line),
                    ..Frame::default()
                })
            })
            .collect();
        let mut deep = failure(vec![Exception {
            frames,
            ..Exception::default()
        }]);
        shape(&mut deep);
        let frames = &deep.exceptions[0].frames;
        assert_eq!(frames.len(), 101);
        assert_eq!(frames[50], StackEntry::Elided { elided: 19_900 });
        assert_eq!(frames[49].frame().and_then(|f| f.line), Some(49));
        assert_eq!(frames[51].frame().and_then(|f| f.line), Some(19_950));
        assert!(deep.notes.iter().any(|n| n.contains("19900 frames")));
    }

    #[test]
    fn a_message_of_a_megabyte_is_cut_on_a_character() {
        let mut huge = failure(vec![Exception {
            message: Some("ü".repeat(1 << 19)),
            ..Exception::default()
        }]);
        shape(&mut huge);
        let message = huge.exceptions[0].message.as_deref().unwrap();
        assert!(message.len() <= MESSAGE_MAX + 4 && message.ends_with("ü…"));
        assert!(huge.notes[0].contains("1048576 bytes"));
    }

    #[test]
    fn a_complete_trace_outweighs_a_longer_partial_one() {
        let frame = || StackEntry::Frame(Frame::default());
        let complete = failure(vec![Exception {
            frames: vec![frame()],
            ..Exception::default()
        }]);
        let mut partial = failure(vec![Exception {
            frames: vec![frame(), frame(), frame()],
            ..Exception::default()
        }]);
        partial.partial = true;
        assert!(weight(&complete) > weight(&partial));
    }
}
