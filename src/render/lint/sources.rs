//! The texts of the loaded files, and the excerpts that findings show of them.

use super::mask::mask;
use std::cell::OnceCell;
use std::collections::HashMap;

/// How many bytes before and behind a place are looked at: a dump may be one line of a hundred megabytes. A word
/// that begins where a line is no longer shown has room to prove a secret.
const BEFORE: usize = 1024;
const BEHIND: usize = 1024;

/// Characters are counted once for so many bytes.
const BLOCK: usize = 1024;

/// The texts of the loaded files: of each its name and its text.
#[derive(Debug, Default)]
pub struct Sources {
    texts: HashMap<String, Text>,
}

/// A text with what is found out about it once: a dump has many findings, and none of them may cost a walk through it.
#[derive(Debug)]
struct Text {
    text: String,
    /// Where lines begin.
    lines: OnceCell<Vec<usize>>,
    /// How many characters stand before every [`BLOCK`]th byte.
    characters: OnceCell<Vec<usize>>,
}

/// What is shown of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The line, or what stands around the place, without the secrets in it.
    pub text: String,
    /// How many characters of it stand before the place.
    pub before: usize,
}

impl Sources {
    /// Keeps a text.
    pub fn add(&mut self, name: String, text: String) {
        let text = Text {
            text,
            lines: OnceCell::new(),
            characters: OnceCell::new(),
        };
        self.texts.insert(name, text);
    }

    /// The text of a file.
    pub fn text(&self, file: &str) -> Option<&str> {
        self.texts.get(file).map(|text| text.text.as_str())
    }

    /// What stands at a line and column, both from 1, of a file; `None` where it has no such line.
    pub(super) fn excerpt(&self, file: &str, line: u32, column: u32) -> Option<Excerpt> {
        let of_file = self.texts.get(file)?;
        let (text, lines) = (&of_file.text, of_file.lines());
        let number = line.checked_sub(1)? as usize;
        let start = *lines.get(number)?;
        let end = lines.get(number + 1).copied();
        let line = &text[start..end.unwrap_or(text.len())];
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let before = column.saturating_sub(1) as usize;
        let at = match line.len() {
            0..=BLOCK => line.char_indices().nth(before).map(|(at, _)| at),
            _ => of_file.byte(start, before).checked_sub(start),
        };
        let at = at.map_or(line.len(), |at| at.min(line.len()));
        let from = line.floor_char_boundary(at.saturating_sub(BEFORE));
        let to = line.ceil_char_boundary(line.len().min(at + BEHIND));
        let (text, before) = mask(&line[from..to], at - from, from > 0);
        Some(Excerpt { text, before })
    }
}

impl Text {
    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            let mut lines: Vec<usize> = std::iter::once(0).chain(ends.map(|end| end + 1)).collect();
            // What ends a line begins none.
            lines.pop_if(|last| *last == self.text.len());
            lines
        })
    }

    fn characters(&self) -> &[usize] {
        self.characters.get_or_init(|| {
            let mut count = 0;
            let blocks = self.text.as_bytes().chunks(BLOCK).map(|block| {
                let before = count;
                count += characters_in(block);
                before
            });
            blocks.collect()
        })
    }

    /// The byte at which the character stands that so many follow a byte.
    fn byte(&self, from: usize, characters: usize) -> usize {
        let (bytes, counts) = (self.text.as_bytes(), self.characters());
        let block = from / BLOCK * BLOCK;
        let counted = counts.get(from / BLOCK).copied();
        let wanted = counted.unwrap_or(0) + characters_in(&bytes[block..from]) + characters;
        let after = counts.partition_point(|count| *count <= wanted);
        let block = after.saturating_sub(1);
        let mut left = wanted - counts.get(block).copied().unwrap_or(0);
        for (i, byte) in bytes.iter().enumerate().skip(block * BLOCK) {
            if begins(*byte) {
                if left == 0 {
                    return i;
                }
                left -= 1;
            }
        }
        bytes.len()
    }
}

fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| begins(**byte)).count()
}

/// Whether a byte of UTF-8 is the first of its character.
fn begins(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(text: &str) -> Sources {
        let mut sources = Sources::default();
        sources.add("f".to_owned(), text.to_owned());
        sources
    }

    fn excerpt(text: &str, line: u32, column: u32) -> Option<(String, usize)> {
        let excerpt = sources(text).excerpt("f", line, column);
        excerpt.map(|excerpt| (excerpt.text, excerpt.before))
    }

    #[test]
    fn a_line_is_the_one_that_people_count() {
        for text in ["", "\n", "a", "a\n", "a\nb", "a\r\n\nb\r\n", "\n\nä: ü\n"] {
            for number in 0..6 {
                let line = text.lines().nth(number as usize);
                let shown = excerpt(text, number + 1, 1);
                assert_eq!(shown.map(|(text, _)| text).as_deref(), line, "{text:?}");
            }
            assert_eq!(excerpt(text, 0, 1), None);
        }
    }

    #[test]
    fn a_place_is_counted_in_characters() {
        let line = "äöü€𝄞ß".repeat(3000);
        let text = format!("é\n{line}\nlast");
        let all: Vec<char> = line.chars().collect();
        for column in [1, 2, 5, 6, 4000, 4095, 4096, 4097, 9000, 17_999, 18_000] {
            let (shown, before) = excerpt(&text, 2, column).expect("a line");
            let found: Vec<char> = shown.chars().skip(before).take(20).collect();
            let expected = all.iter().skip(column as usize - 1).take(20);
            assert!(found.iter().eq(expected), "column {column}");
            assert!(shown.len() < 4 * (BEFORE + BEHIND));
        }
        let end = excerpt(&text, 2, 18_001).expect("a line");
        assert_eq!(end.1, end.0.chars().count());
        assert_eq!(excerpt(&text, 2, u32::MAX), Some(end));
        assert_eq!(excerpt(&text, 3, 2), Some(("last".to_owned(), 1)));
    }

    #[test]
    fn what_is_cut_off_hides_what_may_be_a_secret() {
        let long = "two words ".repeat(1000);
        let text = format!("{{\"password\":\"{long}\",\"name\":\"x\"}}");
        let column = u32::try_from(text.find("name").expect("there")).expect("small");
        let (shown, before) = excerpt(&text, 1, column).expect("a line");
        assert!(!shown.contains("words"), "{shown}");
        assert!(shown[before..].starts_with("\"name\":\"x\"}"), "{shown}");
    }
}
