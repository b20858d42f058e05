//! Answers that are held back until everything has been read.

use std::io::{self, Write};

/// How much is written at once.
const CHUNK: usize = 1 << 16;

/// Answers in the order of the reviews. What is given back of a review as it came, the larger part,
/// is not copied before it is printed: new memory costs more than the copy itself.
#[derive(Debug, Default)]
pub(super) struct Answers<'t> {
    /// What had to be written.
    pub(super) written: Vec<u8>,
    /// Pieces of the input, and how much of `written` stands before each.
    kept: Vec<(usize, &'t [u8])>,
}

impl<'t> Answers<'t> {
    /// Adds a piece of the input.
    pub(super) fn keep(&mut self, piece: &'t [u8]) {
        self.kept.push((self.written.len(), piece));
    }

    /// Writes everything, piece by piece through one buffer.
    pub(super) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let mut buffer = Vec::with_capacity(2 * CHUNK);
        let mut start = 0;
        for &(end, piece) in &self.kept {
            buffer.extend_from_slice(&self.written[start..end]);
            buffer.extend_from_slice(piece);
            start = end;
            if buffer.len() >= CHUNK {
                out.write_all(&buffer)?;
                buffer.clear();
            }
        }
        out.write_all(&buffer)?;
        out.write_all(&self.written[start..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_stand_where_they_were_added() {
        let large = "x".repeat(CHUNK);
        let mut answers = Answers::default();
        let mut expected = String::new();
        for i in 0..3 {
            let text = format!("{i}\n");
            answers.written.extend_from_slice(text.as_bytes());
            answers.keep(large.as_bytes());
            expected.push_str(&text);
            expected.push_str(&large);
        }
        answers.written.extend_from_slice(b"end");
        expected.push_str("end");
        let mut out = Vec::new();
        answers.print(&mut out).expect("a vector takes all");
        assert!(out == expected.as_bytes());
    }
}
