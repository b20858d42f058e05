//! YAML as the API server reads it: libyaml's grammar, the scalars of [`super::scalar`], merge keys,
//! aliases with a limit, and keys that are always strings.
//!
//! Two readers fill the same trees. `block` knows the part of YAML that is written most and reads it many
//! times as fast; at the first thing that it is not certain of, it leaves the document to libyaml's parser,
//! whose events `composer` takes.

mod block;
mod composer;
mod output;
mod reader;
#[cfg(test)]
pub(super) mod tests;

use libyaml_safer::EventData;

use self::composer::Composer;
use self::reader::{Events, Place};
use super::tree::Sink;

/// Reads all documents of a text; returns how many there were, empty ones included.
pub fn parse<S: Sink>(text: &str, sink: &mut S) -> Result<usize, S::Error> {
    read(text, sink, true).map(|counts| counts.documents)
}

/// The same as [`parse`] by libyaml alone: what tests and the fuzzer compare it with.
#[doc(hidden)]
pub fn parse_by_events<S: Sink>(text: &str, sink: &mut S) -> Result<usize, S::Error> {
    read(text, sink, false).map(|counts| counts.documents)
}

/// What Go's YAML reader says of the first document of a text whose grammar is wrong, without its head
/// `yaml: `. What it says of anything else is not known here: `None`.
pub fn go_complaint(text: &str) -> Option<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    reader::check(text).ok()?;
    let mut events = Events::new(text, Place::default(), reader::work(text));
    loop {
        match events.next() {
            Err(_) => return events.goyaml,
            Ok(event) => match event.data {
                EventData::DocumentEnd { .. } | EventData::StreamEnd => return None,
                _ => {}
            },
        }
    }
}

/// How many documents a text had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counts {
    documents: usize,
    /// Those that were left to libyaml.
    left: usize,
}

fn read<S: Sink>(text: &str, sink: &mut S, blocks: bool) -> Result<Counts, S::Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    reader::check(text)?;
    // What libyaml cannot read spoils the documents before it, by the pieces that it reads in.
    let blocks = blocks && reader::is_readable(text);
    let mut composer = Composer::new(text, sink);
    let mut work = reader::work(text);
    let mut place = Place::default();
    let (mut turns, mut left) = (0, 0);
    loop {
        if blocks {
            match block::documents(text, place, &mut work, &mut composer.output)? {
                Some(unsure) => place = unsure,
                None => break,
            }
        }
        turns += 1;
        let before = composer.output.documents;
        let next = events(text, place, &mut work, &mut composer, |at| {
            blocks && may_turn(turns, at)
        })?;
        left += composer.output.documents - before;
        match next {
            Some(next) => place = next,
            None => break,
        }
    }
    let documents = composer.output.documents;
    Ok(Counts { documents, left })
}

/// Whether the other reader may go on at a place after so many turns of libyaml's parser, each of which costs as
/// much as a piece of text: together not more than the text does.
fn may_turn(turns: usize, at: usize) -> bool {
    const FREE: usize = 128;
    turns <= FREE + at / reader::PIECE
}

/// Reads documents from the start of one by libyaml's parser, until one ends where the other reader can and
/// may go on. That place; `None` after the last one.
fn events<S: Sink>(
    text: &str,
    from: Place,
    work: &mut u64,
    composer: &mut Composer<'_, '_, S>,
    may_stop: impl Fn(usize) -> bool,
) -> Result<Option<Place>, S::Error> {
    let mut events = Events::new(text, from, *work);
    loop {
        let event = events.next()?;
        if event.data == EventData::StreamEnd {
            return Ok(None);
        }
        // The end of a document that has no mark of its own is where the next thing starts.
        let mark = event.start_mark;
        let ends = event.data == EventData::DocumentEnd { implicit: true } && mark.column == 0;
        let place = Place {
            at: mark.index as usize,
            line: mark.line as u32,
        };
        composer.event(event)?;
        if ends && block::is_marker(text, place.at) && may_stop(place.at) {
            *work = events.work();
            return Ok(Some(place));
        }
    }
}
