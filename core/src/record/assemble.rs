//! What neighbouring records have to do with each other: one event that is logged several times is one failure, and
//! a browser error that is spread over several records is put together again.

use std::collections::VecDeque;

use super::client::{self, Part, Payload};
use super::finding::{Form, Found, Meta, Settled, finish, settle};
use super::framer::Place;
use super::header::level::{self, Severity};
use crate::model::{Failure, Options};
use std::sync::Arc;

/// Lines within which a record can repeat an event.
const ECHO_LINES: u64 = 30;
/// Lines within which the parts of a browser error follow each other.
const PART_LINES: u64 = 60;
/// Lines over which errors that overlap are read together.
const CHAIN_LINES: u64 = 2000;
/// Bonds that are remembered.
const MOST_BONDS: usize = 256;
/// Browser errors that are put together at once.
const MOST_GROUPS: usize = 64;

/// A failure that was reported; what repeats it is dropped.
#[derive(Debug)]
struct Recent {
    lane: u64,
    place: Place,
    last: u64,
    /// First line of what the exception said, and all of it.
    message: String,
    whole: String,
    /// The chain, as one number.
    same: u64,
    stamp: Option<String>,
    headed: bool,
    /// What its record says.
    text: String,
    form: Form,
    /// It was written twice.
    doubled: bool,
}

/// A failure whose other half may still follow.
#[derive(Debug)]
struct Held {
    lane: u64,
    place: Place,
    last: u64,
    settled: Settled,
    waits: Waits,
}

/// What a held failure waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waits {
    /// A message for its trace.
    Trace,
    /// A trace that was printed below a record that has nothing to do with it, for the record that says what it is about.
    Record,
    /// As [`Waits::Record`]; without one it only repeats the trace before.
    OnlyRecord,
}

impl Held {
    /// Nothing more came.
    fn end(self, out: &mut Vec<Found>) {
        if self.waits != Waits::OnlyRecord {
            out.push(finish(self.settled, self.place));
        }
    }

    /// Whether a trace without words of its own was logged in the same moment, by the same logger: a formatter that puts
    /// its header before each line of a record, or a handler that logs what it says and the trace one after the other.
    fn goes_on(&self, trace: &Settled) -> bool {
        let (own, other) = (&self.settled.failure, &trace.failure);
        let stamp = self.settled.timestamp.as_deref();
        stamp.is_some_and(|stamp| stamp.contains(['.', ',']))
            && stamp == trace.timestamp.as_deref()
            && (&own.level, &own.logger) == (&other.level, &other.logger)
    }
}

/// Parts of one browser error.
#[derive(Debug)]
struct Group {
    lane: u64,
    place: Place,
    /// Where the first of the groups began that it may have exchanged parts with.
    pin: Place,
    last: u64,
    /// Where the last of its parts stands.
    latest: Place,
    meta: Meta,
    text: String,
    location: Option<String>,
    stack: Option<String>,
}

/// Joins and drops.
#[derive(Debug, Default)]
pub(crate) struct Assembler {
    recent: Vec<Recent>,
    held: Vec<Held>,
    groups: Vec<Group>,
    /// Records that were read as one event: the first, and where the last begins. Reading can not go on between them.
    bonds: VecDeque<(Place, u64)>,
}

impl Assembler {
    /// Takes over what a record of stream `lane` holds; `last` is the number of its last line.
    pub(crate) fn accept(
        &mut self,
        lane: u64,
        place: Place,
        last: u64,
        settled: Vec<Settled>,
        options: &Options,
        out: &mut Vec<Found>,
    ) {
        self.pass(place.number, options, out);
        let count = settled.len();
        for (index, settled) in settled.into_iter().enumerate() {
            if settled.message_only {
                self.message(lane, place, last, settled, out);
            } else {
                let is_last = index + 1 == count;
                self.traced(lane, place, last, settled, is_last, out);
            }
        }
    }

    /// Gives the trace that waits right above a record what the record says, where that repeats the trace's message.
    /// Whether the record was the trace's.
    fn explain(&mut self, lane: u64, place: Place, record: &Settled, out: &mut Vec<Found>) -> bool {
        let waits = |h: &Held| h.lane == lane && h.waits != Waits::Trace;
        let Some(index) = self.held.iter().position(waits) else {
            return false;
        };
        let held = &self.held[index];
        let said = said(&held.settled.failure);
        let text = record.failure.log_message.as_deref().unwrap_or_default();
        let severity = record.failure.level.as_deref().and_then(level::severity);
        let is_its = held.last + 1 == place.number
            && severity >= Some(Severity::Warning)
            && is_echo(text, said.lines().next().unwrap_or_default());
        let mut held = self.held.remove(index);
        if is_its {
            let failure = Arc::make_mut(&mut held.settled.failure);
            failure.level.clone_from(&record.failure.level);
            failure.logger.clone_from(&record.failure.logger);
            failure.log_message.clone_from(&record.failure.log_message);
            held.settled.timestamp.clone_from(&record.timestamp);
            held.waits = Waits::Record;
            self.bond(held.place, place);
        }
        held.end(out);
        is_its
    }

    fn message(
        &mut self,
        lane: u64,
        place: Place,
        last: u64,
        settled: Settled,
        out: &mut Vec<Found>,
    ) {
        let text = settled.failure.log_message.as_deref().unwrap_or_default();
        let repeats = self
            .recent
            .iter()
            .find(|r| r.lane == lane && is_echo(text, &r.message));
        if let Some(first) = repeats.map(|r| r.place) {
            self.bond(first, place);
            self.explain(lane, place, &settled, out);
            return;
        }
        self.flush(lane, out);
        self.held.push(Held {
            lane,
            place,
            last,
            settled,
            waits: Waits::Trace,
        });
    }

    fn traced(
        &mut self,
        lane: u64,
        place: Place,
        last: u64,
        mut settled: Settled,
        is_last: bool,
        out: &mut Vec<Found>,
    ) {
        // What the trace before was about; then this one has nothing to do with it.
        let is_above = self.explain(lane, place, &settled, out);
        if is_above {
            let failure = Arc::make_mut(&mut settled.failure);
            failure.level = None;
            failure.logger = None;
            failure.log_message = None;
            settled.timestamp = None;
        }
        let whole = said(&settled.failure);
        let message = whole.lines().next().unwrap_or_default().to_owned();
        // The text of an error that quotes a traceback, logged once more without the error's own.
        let text = settled.failure.log_message.as_deref().unwrap_or_default();
        let quoted = self.recent.iter().find(|r| {
            r.lane == lane
                && message.len() > 2
                && r.whole.contains("Traceback (")
                && r.whole.contains(whole.trim_end())
                && is_echo(text, &r.message)
        });
        if let Some(first) = quoted.map(|r| r.place) {
            self.bond(first, place);
            return;
        }
        // Two handlers with different formats write the same event one after the other.
        let same = settled.same;
        let form = settled.form;
        let stamp = settled.timestamp.clone();
        let level = settled.failure.level.as_deref();
        let headed = level.is_some_and(|l| level::severity(l) > Some(Severity::Info));
        let text = text.trim().to_owned();
        let again = self.recent.iter().position(|r| {
            r.lane == lane
                && r.same == same
                && r.last + 1 >= place.number
                && r.place != place
                && settled.place.is_none_or(|p| p == place)
                && (r.headed != headed
                    || (stamp.as_ref().is_some_and(|s| s.contains(['.', ',']))
                        && r.stamp == stamp
                        && !r.form.is_of_another(form)
                        && (r.text.ends_with(&text) || text.ends_with(&r.text))))
        });
        let again = again.filter(|_| !settled.failure.exceptions.is_empty());
        if let Some(index) = again {
            match self.shows_two(index, headed) {
                Some(before) => self.bond(before, place),
                None => {
                    self.recent[index].doubled = true;
                    let first = self.recent[index].place;
                    self.bond(first, place);
                    return;
                }
            }
        }
        let repeated = self.recent.iter().find(|r| {
            is_above
                && r.lane == lane
                && r.same == same
                && r.last + 1 >= place.number
                && r.place != place
        });
        let repeated = repeated.map(|r| r.place);
        // `Error reading order 7: 'customer'` above the traceback that ends with `KeyError: 'customer'`.
        let message_above = |h: &Held| h.lane == lane && h.waits == Waits::Trace;
        if let Some(index) = self.held.iter().position(message_above) {
            let held = self.held.remove(index);
            let said = held.settled.failure.log_message.clone().unwrap_or_default();
            let is_next = held.last + 1 == place.number;
            let goes_on = is_next && text.is_empty() && held.goes_on(&settled);
            // An object on one line, and the traceback that its logger wrote below it.
            let begins = settled.place.map_or(place.number, |place| place.number);
            let is_bare = settled.failure.level.is_none()
                && settled.timestamp.is_none()
                && begins == place.number;
            let below = is_next && is_bare && held.settled.failure.level.is_some();
            let echo = below || is_echo(&said, &message);
            if echo || goes_on {
                self.bond(held.place, place);
            }
            if goes_on {
                Arc::make_mut(&mut settled.failure).log_message = Some(said);
            } else if echo && !headed {
                let from = &held.settled.failure;
                let failure = Arc::make_mut(&mut settled.failure);
                failure.level.clone_from(&from.level);
                failure.logger.clone_from(&from.logger);
                failure.log_message.clone_from(&from.log_message);
                settled.timestamp = held.settled.timestamp;
            } else if !echo {
                out.push(finish(held.settled, held.place));
            }
        }
        // What stands above it was said of the trace before.
        let is_of_other = !text.is_empty()
            && !is_echo(&text, &message)
            && self.recent.iter().any(|r| {
                r.lane == lane && r.last + 1 == place.number && is_echo(&text, &r.message)
            });
        self.recent.push(Recent {
            lane,
            place,
            last,
            message,
            whole,
            same,
            stamp,
            headed,
            text,
            form,
            doubled: false,
        });
        let level = settled.failure.level.as_deref();
        let is_foreign = is_of_other
            || match level {
                Some(level) => level::severity(level) <= Some(Severity::Info),
                None => settled.failure.log_message.is_none(),
            };
        let waits = match repeated {
            Some(first) => {
                self.bond(first, place);
                Waits::OnlyRecord
            }
            None => Waits::Record,
        };
        if is_foreign && is_last || waits == Waits::OnlyRecord {
            self.held.push(Held {
                lane,
                place,
                last,
                settled,
                waits,
            });
        } else {
            out.push(finish(settled, place));
        }
    }

    /// The record which shows that two equal ones are two failures in one moment: it came before in this stream, and once.
    fn shows_two(&self, index: usize, headed: bool) -> Option<Place> {
        let first = &self.recent[index];
        let shows = |r: &&Recent| {
            r.lane == first.lane
                && r.headed
                && !r.doubled
                && r.place.offset < first.place.offset
                && r.form.is_like(first.form)
        };
        let before = self.recent.iter().find(shows);
        before.filter(|_| first.headed == headed).map(|r| r.place)
    }

    fn bond(&mut self, first: Place, last: Place) {
        if first.offset < last.offset {
            if self.bonds.len() >= MOST_BONDS {
                self.bonds.pop_front();
            }
            self.bonds.push_back((first, last.offset));
        }
    }

    /// The first of the records that were read as one event, and behind which offset reading can go on.
    pub(crate) fn bonds(&self) -> impl Iterator<Item = (Place, u64)> + Clone {
        self.bonds.iter().map(|(first, last)| (*first, *last + 1))
    }

    fn flush(&mut self, lane: u64, out: &mut Vec<Found>) {
        while let Some(index) = self.held.iter().position(|h| h.lane == lane) {
            self.held.remove(index).end(out);
        }
    }

    /// Forgets what is too far behind line `number`, and reports what waited for it.
    pub(crate) fn pass(&mut self, number: u64, options: &Options, out: &mut Vec<Found>) {
        self.recent.retain(|r| r.last + ECHO_LINES >= number);
        while let Some(index) = self.held.iter().position(|h| h.last + ECHO_LINES < number) {
            self.held.remove(index).end(out);
        }
        while let Some(index) = self
            .groups
            .iter()
            .position(|g| g.last + PART_LINES < number)
        {
            let group = self.groups.remove(index);
            self.report(group, options, out);
        }
    }

    /// The parts of a browser error are all there, or no more are waited for.
    fn report(&mut self, group: Group, options: &Options, out: &mut Vec<Found>) {
        self.bond(group.pin, group.latest);
        group.report(options, out);
    }

    /// The input ends: everything that waits is reported.
    pub(crate) fn finish(&mut self, options: &Options, out: &mut Vec<Found>) {
        for held in std::mem::take(&mut self.held) {
            held.end(out);
        }
        for group in std::mem::take(&mut self.groups) {
            group.report(options, out);
        }
    }

    /// The first record that what comes after line `number` may still have to do with.
    pub(crate) fn start(&self, number: u64) -> Option<Place> {
        let recent = self
            .recent
            .iter()
            .filter(|r| r.last + ECHO_LINES >= number)
            .map(|r| r.place);
        let held = self.held.iter().map(|h| h.place);
        let groups = self.groups.iter().map(|g| g.pin);
        recent.chain(held).chain(groups).min_by_key(|p| p.offset)
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "a record and where its failures go"
    )]
    pub(crate) fn part(
        &mut self,
        lane: u64,
        place: Place,
        last: u64,
        part: Part,
        meta: Meta,
        options: &Options,
        out: &mut Vec<Found>,
    ) {
        let text = match part {
            Part::Message { level, text } => {
                if self.groups.len() >= MOST_GROUPS {
                    let group = self.groups.remove(0);
                    self.report(group, options, out);
                }
                let level = Some(level).or(meta.level.clone());
                let pin = self
                    .groups
                    .iter()
                    .filter(|g| g.lane == lane && g.pin.number + CHAIN_LINES > place.number)
                    .map(|g| g.pin)
                    .min_by_key(|pin| pin.offset)
                    .unwrap_or(place);
                self.groups.push(Group {
                    lane,
                    place,
                    pin,
                    last,
                    latest: place,
                    meta: Meta { level, ..meta },
                    text,
                    location: None,
                    stack: None,
                });
                return;
            }
            Part::Location(text) => {
                if let Some(group) = self
                    .groups
                    .iter_mut()
                    .find(|g| g.lane == lane && g.location.is_none())
                {
                    group.location = Some(text);
                    group.last = last;
                    group.latest = place;
                }
                return;
            }
            Part::Stack(text) => text,
            Part::Agent => {
                // Groups end in the order in which they began.
                if let Some(index) = self.groups.iter().position(|g| g.lane == lane) {
                    let mut group = self.groups.remove(index);
                    group.latest = place;
                    self.report(group, options, out);
                }
                return;
            }
            Part::Time | Part::Other => return,
        };
        let open = |g: &Group| g.lane == lane && g.stack.is_none();
        let index = self
            .groups
            .iter()
            .position(|g| open(g) && g.fits(&text))
            .or_else(|| self.groups.iter().position(open));
        if let Some(index) = index {
            let group = &mut self.groups[index];
            group.stack = Some(text);
            group.last = last;
            group.latest = place;
        }
    }
}

impl Group {
    /// Whether a stack names this error or its place.
    fn fits(&self, stack: &str) -> bool {
        let head = stack.lines().next().unwrap_or_default();
        let named = head.len() > 4 && !head.contains('@') && self.text.contains(head);
        named
            || self
                .location
                .as_deref()
                .is_some_and(|l| l.len() > 6 && stack.contains(l))
    }

    fn report(self, options: &Options, out: &mut Vec<Found>) {
        let error = self.meta.severity() >= Some(Severity::Error);
        if !error || client::is_noise(&self.text) {
            return;
        }
        let location = self.location.as_deref().and_then(client::location);
        // The stack may stand below the message, in the same record.
        let own = || {
            let at = self.text.find("\n    at ")?;
            super::stacks::has_script_frames(&self.text[at..]).then(|| self.text.clone())
        };
        let stack = self.stack.clone().or_else(own);
        let text = match &self.stack {
            None if stack.is_some() => self
                .text
                .split("\n    at ")
                .next()
                .unwrap_or_default()
                .to_owned(),
            _ => self.text,
        };
        let payload = Payload {
            url: location.map(|l| l.0.to_owned()),
            line: location.map(|l| l.1).filter(|n| *n > 0),
            column: location.map(|l| l.2).filter(|n| *n > 0),
            stack,
            message: text,
        };
        let mut finding = self.meta.finding(client::trace(&payload));
        finding.context.log_message = Some(payload.message);
        out.push(finish(settle(finding, options), self.place));
    }
}

/// What the exception that reached the top said.
fn said(failure: &Failure) -> String {
    failure
        .primary()
        .and_then(|e| e.message.clone())
        .unwrap_or_default()
}

/// Whether a text says again what an exception said. Of little it may hold the words by chance: there it has to end with
/// them, set off as loggers do.
fn repeats(text: &str, message: &str) -> bool {
    /// Messages from this length on are nobody else's.
    const TELLING: usize = 12;
    if message.len() < 2 {
        return false;
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let end = text
        .trim_end_matches([')', ']', '.', '"', '\'', '>', ' ', '\n'])
        .len();
    let whole = |at: usize| {
        let (before, after) = (&text[..at], &text[at + message.len()..]);
        let is_cut = before.ends_with(is_part) && message.starts_with(is_part)
            || after.starts_with(is_part) && message.ends_with(is_part);
        // Failed('RuntimeError: line one\\nline two')
        let is_last = at + message.len() >= end || after.starts_with("\\n");
        let is_set_off = before.is_empty()
            || before.ends_with(['(', '[', '=', '"'])
            || [": ", " - ", "| ", "> "]
                .iter()
                .any(|mark| before.ends_with(mark));
        // Failed to execute job 5 for task load ('sku'; 4711)
        let is_first = before.ends_with('(') && after.starts_with("; ");
        !is_cut && (message.len() >= TELLING || is_last && is_set_off || is_first)
    };
    memchr::memmem::find_iter(text.as_bytes(), message).any(whole)
}

/// Whether a message without trace speaks of the exception that said `message`.
fn is_echo(text: &str, message: &str) -> bool {
    const GENERIC: [&str; 3] = [
        "500 Internal Server Error",
        "Internal Server Error",
        "Exception in ASGI application",
    ];
    if repeats(text, message) {
        return true;
    }
    // The message of the error is lost, its status line is not.
    GENERIC.iter().any(|g| {
        text.strip_prefix(g).is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with(": The server encountered")
                || (message.is_empty() && rest.trim_end() == ":")
        })
    })
}
