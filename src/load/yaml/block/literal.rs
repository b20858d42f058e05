//! Block scalars, `|` and `>`.

use super::Unsure;
use super::cursor::Cursor;

/// What becomes of the line breaks at the end.
#[derive(PartialEq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Cursor<'_> {
    /// A block scalar in a collection that is so far in: libyaml's loop, step by step. Leaves the cursor in the
    /// indentation of the line that follows.
    pub(super) fn literal(&mut self, outer: usize) -> Result<String, Unsure> {
        let folded = self.byte() == Some(b'>');
        self.at += 1;
        let (chomping, deeper) = self.header();
        if !self.end_line()? || self.byte().is_none() {
            return Err(Unsure);
        }
        let mut indent = deeper.map(|deeper| outer + deeper);
        let mut breaks = self.blank_lines(indent)?;
        let indent = *indent.get_or_insert(breaks.longest.max(outer + 1));
        let mut text = String::new();
        let (mut ended, mut after_blank) = (false, false);
        while self.indentation() == indent
            && let Some(first) = self.byte()
        {
            let blank = matches!(first, b' ' | b'\t');
            if folded && ended && !after_blank && !blank {
                if breaks.count == 0 {
                    text.push(' ');
                }
            } else if ended {
                text.push('\n');
            }
            text.extend(std::iter::repeat_n('\n', breaks.count));
            self.content(&mut text)?;
            (ended, after_blank) = (true, blank);
            breaks = self.blank_lines(Some(indent))?;
        }
        // Without a line break at its end, the text's last line is another matter.
        if self.byte().is_none() && self.indentation() > 0 {
            return Err(Unsure);
        }
        if chomping != Chomping::Strip && ended {
            text.push('\n');
        }
        if chomping == Chomping::Keep {
            text.extend(std::iter::repeat_n('\n', breaks.count));
        }
        Ok(text)
    }

    /// What stands after `|` or `>`: the chomping, and how much further in the text is.
    fn header(&mut self) -> (Chomping, Option<usize>) {
        let (mut chomping, mut deeper) = (None, None);
        loop {
            match self.byte() {
                Some(b'-') if chomping.is_none() => chomping = Some(Chomping::Strip),
                Some(b'+') if chomping.is_none() => chomping = Some(Chomping::Keep),
                Some(digit @ b'1'..=b'9') if deeper.is_none() => {
                    deeper = Some(usize::from(digit - b'0'));
                }
                _ => return (chomping.unwrap_or(Chomping::Clip), deeper),
            }
            self.at += 1;
        }
    }

    /// The rest of a line as it is, with its line break.
    fn content(&mut self, text: &mut String) -> Result<(), Unsure> {
        let rest = &self.bytes[self.at..];
        let end = self.at + memchr::memchr(b'\n', rest).ok_or(Unsure)?;
        let line = self.slice(self.at, end)?;
        if line.contains('\r') {
            return Err(Unsure);
        }
        self.check(self.at, end)?;
        text.push_str(line);
        self.at = end;
        self.line_break();
        Ok(())
    }

    /// Lines with nothing but spaces, then the indentation of the next one, both as far in as the text is.
    fn blank_lines(&mut self, indent: Option<usize>) -> Result<Blank, Unsure> {
        let mut blank = Blank::default();
        loop {
            while indent.is_none_or(|indent| self.indentation() < indent)
                && self.byte() == Some(b' ')
            {
                self.at += 1;
            }
            blank.longest = blank.longest.max(self.indentation());
            match self.byte() {
                Some(b'\t') if indent.is_none_or(|indent| self.indentation() < indent) => {
                    return Err(Unsure);
                }
                Some(b'\r') => return Err(Unsure),
                Some(b'\n') => {
                    self.line_break();
                    blank.count += 1;
                }
                _ => return Ok(blank),
            }
        }
    }
}

/// Lines without text.
#[derive(Default)]
struct Blank {
    count: usize,
    /// The most spaces in one, or before what follows.
    longest: usize,
}
