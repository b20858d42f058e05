//! PEM as Go's `encoding/pem` reads it.
//!
//! Text around blocks is passed over, and so are broken blocks. A block ends at the first END, and begins
//! at the last BEGIN before it; the search for the next one goes on behind that END.

use memchr::memmem;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"\n-----END ";
const DASHES: &[u8] = b"-----";

/// One block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What stands behind BEGIN.
    pub label: String,
    /// Its headers, in order; of a repeated one, the last value.
    pub headers: Vec<(String, String)>,
    /// The decoded bytes.
    pub der: Vec<u8>,
}

/// The blocks of a text, in order.
pub fn blocks(data: &[u8]) -> impl Iterator<Item = Block> {
    Blocks { data, from: 0 }
}

struct Blocks<'a> {
    data: &'a [u8],
    /// Where the search goes on.
    from: usize,
}

/// What came of one END.
enum Try {
    Block(Block),
    Broken,
    /// Nothing more is read.
    Over,
}

impl Iterator for Blocks<'_> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        loop {
            let end = self.from + memmem::find(&self.data[self.from..], END)?;
            match self.before(end) {
                Try::Block(block) => return Some(block),
                Try::Broken => {}
                Try::Over => {
                    self.from = self.data.len();
                    return None;
                }
            }
        }
    }
}

impl<'a> Blocks<'a> {
    /// Reads the block between the line END at `end` and the last BEGIN before it, and moves on: behind
    /// the block, or, where it is broken, behind the word END.
    fn before(&mut self, end: usize) -> Try {
        let start = self.from;
        let label_at = end + END.len();
        self.from = label_at;

        let Some(begin) = memmem::rfind(&self.data[start..end], BEGIN) else {
            return Try::Broken;
        };
        let begin = start + begin;
        if begin > start && self.data[begin - 1] != b'\n' {
            return Try::Broken;
        }
        let (line, mut at) = self.line(begin + BEGIN.len());
        let Some(label) = line.strip_suffix(DASHES) else {
            return Try::Broken;
        };

        let mut headers: Vec<(String, String)> = Vec::new();
        loop {
            if at == self.data.len() {
                return Try::Over;
            }
            let (line, next) = self.line(at);
            let Some(colon) = memchr::memchr(b':', line) else {
                break;
            };
            let key = text(line[..colon].trim_ascii());
            headers.push((key, text(line[colon + 1..].trim_ascii())));
            at = next;
        }
        if at > label_at {
            return Try::Over;
        }
        // Without headers END may come at once: its line break is then that of BEGIN's line.
        if at > end && !headers.is_empty() {
            return Try::Broken;
        }

        let trailer = self.data[label_at..].strip_prefix(label);
        let Some(trailer) = trailer.and_then(|trailer| trailer.strip_prefix(DASHES)) else {
            return Try::Broken;
        };
        let (behind, next) = self.line(self.data.len() - trailer.len());
        if !behind.is_empty() {
            return Try::Broken;
        }
        let Some(der) = base64(self.data.get(at..end).unwrap_or_default()) else {
            return Try::Broken;
        };
        self.from = next;
        Try::Block(Block {
            label: text(label),
            headers: last_values(headers),
            der,
        })
    }

    /// The line at a place, without its end and trailing blanks, and the place behind it.
    fn line(&self, at: usize) -> (&'a [u8], usize) {
        let rest = &self.data[at..];
        let (line, next) = match memchr::memchr(b'\n', rest) {
            Some(end) => (&rest[..end], at + end + 1),
            None => (rest, self.data.len()),
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let blanks = line
            .iter()
            .rev()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        (&line[..line.len() - blanks], next)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Keeps one value of each header: the last, where the first stood.
fn last_values(headers: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut places = std::collections::HashMap::new();
    let mut kept: Vec<(String, String)> = Vec::new();
    for (key, value) in headers {
        let place = *places.entry(key.clone()).or_insert(kept.len());
        match kept.get_mut(place) {
            Some(header) => header.1 = value,
            None => kept.push((key, value)),
        }
    }
    kept
}

/// Decodes standard base64 with padding. Line ends are passed over, as are blanks and tabs; leftover
/// bits need not be zero.
fn base64(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let (mut bits, mut count, mut padding) = (0u32, 0, 0);
    for &byte in body {
        let value = match byte {
            b'\n' | b'\r' | b' ' | b'\t' => continue,
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if count >= 2 && count + padding < 4 => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
            (bits, count) = (0, 0);
        }
    }
    match (count, padding) {
        (0, 0) => {}
        (2, 2) => out.push((bits >> 4) as u8),
        (3, 1) => out.extend_from_slice(&((bits >> 2) as u16).to_be_bytes()),
        _ => return None,
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{Block, blocks};

    fn all(text: &str) -> Vec<Block> {
        blocks(text.as_bytes()).collect()
    }

    #[test]
    fn text_around_blocks_and_broken_ones_are_passed_over() {
        let text = "before\n-----BEGIN A-----\nAQID\n-----END A-----\nbetween\n-----BEGIN B-----\n!\n\
                    -----END B-----\n-----BEGIN C-----  \r\nAQ ==\r\n-----END C-----\t\r\nafter";
        let read = all(text);
        assert_eq!(read.len(), 2);
        assert_eq!(
            (read[0].label.as_str(), &read[0].der[..]),
            ("A", &[1, 2, 3][..])
        );
        assert_eq!((read[1].label.as_str(), &read[1].der[..]), ("C", &[1][..]));
    }

    #[test]
    fn headers() {
        let read = all("-----BEGIN K-----\nA: b:c\nD :e\n\nAQID\n-----END K-----");
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(read[0].headers, [pair("A", "b:c"), pair("D", "e")]);
        assert_eq!(read[0].der, [1, 2, 3]);
    }

    #[test]
    fn the_end_must_fit() {
        for text in [
            "-----BEGIN A-----\nAQID\n-----END B-----\n",
            "-----BEGIN A-----\nAQID\n-----END A-----x\n",
            "-----BEGIN A-----\nAQID\n",
            " -----BEGIN A-----\nAQID\n-----END A-----\n",
            "-----BEGIN A----\nAQID\n-----END A-----\n",
            "-----BEGIN A-----\nAQI\n-----END A-----\n",
        ] {
            assert!(all(text).is_empty(), "{text}");
        }
        assert_eq!(all("-----BEGIN A-----\n-----END A-----").len(), 1);
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        let begins = "-----BEGIN A-----\n".repeat(200_000);
        assert!(all(&begins).is_empty());
        let with_end = format!("{begins}\n-----END B-----\n");
        assert!(all(&with_end).is_empty());
        assert!(all(&"-----BEGIN A-----\nk: v\n".repeat(100_000)).is_empty());
    }
}
