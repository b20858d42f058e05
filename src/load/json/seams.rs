//! What stood between the values of an object, as a guess at what stands between those of the next one.
//!
//! Programs print objects of one kind alike: from the end of a value to the beginning of the next one
//! there are the same comma, line break, spaces, key and colon each time. To compare them with what was
//! there before is several times as fast as to read them. What is equal to a text that was read once is
//! read the same way, so that nothing can go wrong but the guess.

/// The longest that is remembered: a key of twenty letters, five levels down.
const LONGEST: usize = 64;

/// A text between two values, and what it leads to.
#[derive(Clone, Copy, Debug)]
struct Seam {
    text: [u8; LONGEST],
    /// Its length; 0 where nothing is remembered.
    length: u8,
    /// How many lines it begins, and how many of its bytes are on the last of them.
    lines: u8,
    tail: u8,
    /// The number of the key or item that follows.
    next: u8,
}

const NOTHING: Seam = Seam {
    text: [0; LONGEST],
    length: 0,
    lines: 0,
    tail: 0,
    next: 0,
};

/// A step over a seam.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) length: usize,
    pub(super) lines: u32,
    pub(super) tail: usize,
    pub(super) next: usize,
}

impl Seam {
    fn new(text: &[u8], next: usize) -> Option<Self> {
        let mut seam = NOTHING;
        seam.text.get_mut(..text.len())?.copy_from_slice(text);
        let breaks = text.iter().filter(|byte| **byte == b'\n').count();
        let tail = text.iter().rev().take_while(|byte| **byte != b'\n').count();
        // All are at most LONGEST.
        [seam.length, seam.lines, seam.tail] = [text.len(), breaks, tail].map(|n| n as u8);
        seam.next = u8::try_from(next).ok()?;
        Some(seam)
    }

    /// Whether a text begins with it.
    #[inline(always)]
    fn begins(&self, text: &[u8]) -> bool {
        let length = self.length as usize;
        let Some(text) = text.get(..length) else {
            return false;
        };
        if length < 16 {
            return text == &self.text[..length];
        }
        let chunk = |all: &[u8], at: usize| {
            let chunk = all.get(at..).and_then(<[u8]>::first_chunk::<16>);
            chunk.map(|chunk| u128::from_le_bytes(*chunk))
        };
        let mut at = 0;
        while at + 16 < length {
            if chunk(text, at) != chunk(&self.text, at) {
                return false;
            }
            at += 16;
        }
        chunk(text, length - 16) == chunk(&self.text, length - 16)
    }
}

/// What followed a value, the last two times that it differed: subjects of two kinds stand in turn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seams {
    ways: [Seam; 2],
    older: u8,
}

impl Default for Seams {
    fn default() -> Self {
        Seams {
            ways: [NOTHING; 2],
            older: 0,
        }
    }
}

impl Seams {
    /// The step over what stands here, if it stood there before.
    #[inline(always)]
    pub(super) fn step(&self, text: &[u8]) -> Option<Step> {
        let known = |seam: &&Seam| seam.length > 0 && seam.begins(text);
        let seam = self.ways.iter().find(known)?;
        Some(Step {
            length: seam.length as usize,
            lines: u32::from(seam.lines),
            tail: seam.tail as usize,
            next: seam.next as usize,
        })
    }

    /// Remembers what stood there.
    #[cold]
    pub(super) fn learn(&mut self, text: &[u8], next: usize) {
        if let Some(seam) = Seam::new(text, next) {
            self.ways[self.older as usize] = seam;
            self.older ^= 1;
        }
    }
}
