//! A reader of DER with the rules of Go's cryptobyte: strict about lengths and integers, silent about
//! what it is not asked for.

pub(super) mod tag {
    //! Identifier octets.

    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const OID: u8 = 0x06;
    pub const UTF8_STRING: u8 = 0x0c;
    pub const NUMERIC_STRING: u8 = 0x12;
    pub const PRINTABLE_STRING: u8 = 0x13;
    pub const T61_STRING: u8 = 0x14;
    pub const IA5_STRING: u8 = 0x16;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const BMP_STRING: u8 = 0x1e;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;

    /// A context-specific tag of a primitive.
    pub const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// A context-specific tag around others.
    pub const fn explicit(number: u8) -> u8 {
        0xa0 | number
    }
}

/// NULL, with its tag.
pub(super) const NULL: &[u8] = &[0x05, 0x00];

/// What is left to be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a>(pub &'a [u8]);

/// One element: its tag, its contents, and both with the length between them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    pub tag: u8,
    pub contents: &'a [u8],
    pub whole: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the next element has this tag.
    pub fn next_is(&self, tag: u8) -> bool {
        self.0.first() == Some(&tag)
    }

    /// The next element, whatever its tag. Tags of several octets are not read, lengths must be the
    /// shortest and of at most four octets.
    pub fn any(&mut self) -> Option<Element<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (header, length) = match first {
            0..=0x7f => (2, usize::from(first)),
            0x81..=0x84 => {
                let octets = usize::from(first & 0x7f);
                let length = rest
                    .get(..octets)?
                    .iter()
                    .fold(0u64, |sum, &octet| sum << 8 | u64::from(octet));
                if length < 0x80 || rest[0] == 0 {
                    return None;
                }
                (2 + octets, usize::try_from(length).ok()?)
            }
            _ => return None,
        };
        let whole = self.0.get(..header.checked_add(length)?)?;
        self.0 = &self.0[whole.len()..];
        Some(Element {
            tag,
            contents: &whole[header..],
            whole,
        })
    }

    /// The next element, which must have this tag.
    pub fn element(&mut self, tag: u8) -> Option<Element<'a>> {
        self.any().filter(|element| element.tag == tag)
    }

    /// The contents of the next element, which must have this tag.
    pub fn read(&mut self, tag: u8) -> Option<Reader<'a>> {
        Some(Reader(self.element(tag)?.contents))
    }

    /// The contents of the next element if it has this tag: `Some(None)` if it has another.
    pub fn optional(&mut self, tag: u8) -> Option<Option<Reader<'a>>> {
        if self.next_is(tag) {
            self.read(tag).map(Some)
        } else {
            Some(None)
        }
    }

    /// An integer's octets, two's complement, the fewest possible.
    pub fn integer(&mut self) -> Option<&'a [u8]> {
        self.integer_with(tag::INTEGER)
    }

    fn integer_with(&mut self, tag: u8) -> Option<&'a [u8]> {
        let octets = self.read(tag)?.0;
        match octets {
            [] | [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => None,
            _ => Some(octets),
        }
    }

    /// An integer of 64 bits.
    pub fn int64(&mut self) -> Option<i64> {
        self.int64_with(tag::INTEGER)
    }

    /// An integer of 64 bits under another tag.
    pub fn int64_with(&mut self, tag: u8) -> Option<i64> {
        let octets = self.integer_with(tag)?;
        if octets.len() > 8 {
            return None;
        }
        let sign = if octets[0] & 0x80 == 0 { 0 } else { -1 };
        Some(
            octets
                .iter()
                .fold(sign, |sum, &octet| sum << 8 | i64::from(octet)),
        )
    }

    /// The octets of an integer above or equal to zero, without leading zeros.
    pub fn unsigned(&mut self) -> Option<&'a [u8]> {
        match self.integer()? {
            [0x80..=0xff, ..] => None,
            [0, rest @ ..] => Some(rest),
            octets => Some(octets),
        }
    }

    pub fn boolean(&mut self) -> Option<bool> {
        match self.read(tag::BOOLEAN)?.0 {
            [0] => Some(false),
            [0xff] => Some(true),
            _ => None,
        }
    }

    /// A bit string: how many bits of its last octet do not count, and its octets.
    pub fn bit_string(&mut self) -> Option<(u8, &'a [u8])> {
        let (&padding, octets) = self.read(tag::BIT_STRING)?.0.split_first()?;
        let last = octets.last().copied();
        if padding > 7 || last.map_or(padding != 0, |last| last & ((1 << padding) - 1) != 0) {
            return None;
        }
        Some((padding, octets))
    }

    /// An object identifier; parts beyond 31 bits are refused.
    pub fn oid(&mut self) -> Option<Oid> {
        let mut octets = self.read(tag::OID)?.0;
        let first = base128(&mut octets)?;
        let mut parts = if first < 80 {
            vec![first / 40, first % 40]
        } else {
            vec![2, first - 80]
        };
        while !octets.is_empty() {
            parts.push(base128(&mut octets)?);
        }
        Some(Oid(parts))
    }
}

fn base128(octets: &mut &[u8]) -> Option<u32> {
    let mut value: u32 = 0;
    for count in 0.. {
        let (&octet, rest) = octets.split_first()?;
        if count == 5 || value >= 1 << 24 || (count == 0 && octet == 0x80) {
            return None;
        }
        *octets = rest;
        value = value << 7 | u32::from(octet & 0x7f);
        if octet & 0x80 == 0 {
            break;
        }
    }
    Some(value)
}

/// Moves the bits of a bit string to the right, so that none are left over.
pub(super) fn right_align(padding: u8, octets: &[u8]) -> Vec<u8> {
    if padding == 0 {
        return octets.to_vec();
    }
    let mut above = 0;
    let shift = |&octet: &u8| {
        let moved = octet >> padding | above;
        above = octet << (8 - padding);
        moved
    };
    octets.iter().map(shift).collect()
}

/// An object identifier.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Oid(pub Vec<u32>);

impl std::fmt::Display for Oid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            let dot = if index == 0 { "" } else { "." };
            write!(f, "{dot}{part}")?;
        }
        Ok(())
    }
}

/// Writes an element.
pub(super) fn write(out: &mut Vec<u8>, tag: u8, contents: &[u8]) {
    out.push(tag);
    let length = contents.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let octets = length.to_be_bytes();
        let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
        out.push(0x80 | (octets.len() - zeros) as u8);
        out.extend_from_slice(&octets[zeros..]);
    }
    out.extend_from_slice(contents);
}

/// An element on its own.
pub(super) fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(contents.len() + 6);
    write(&mut out, tag, contents);
    out
}

#[cfg(test)]
mod tests {
    use super::{Reader, element, right_align, tag};

    #[test]
    fn lengths_are_the_shortest() {
        for refused in [
            &[0x30, 0x80][..],
            &[0x30, 0x81, 0x01, 0],
            &[0x30, 0x82, 0x00, 0x80],
            &[0x3f, 0x01, 0],
            &[0x30, 0x02, 0],
            &[0x30],
            &[0x30, 0x85, 0, 0, 0, 0, 1, 0],
        ] {
            assert!(Reader(refused).any().is_none(), "{refused:x?}");
        }
        let long = element(tag::SEQUENCE, &[7; 300]);
        let mut reader = Reader(&long);
        assert_eq!(reader.any().map(|read| read.contents.len()), Some(300));
        assert!(reader.is_empty());
    }

    #[test]
    fn integers_are_minimal() {
        assert_eq!(Reader(&[2, 1, 0xff]).int64(), Some(-1));
        assert_eq!(Reader(&[2, 2, 0, 0x80]).int64(), Some(128));
        assert_eq!(Reader(&[2, 2, 0, 0x7f]).int64(), None);
        assert_eq!(Reader(&[2, 2, 0xff, 0x80]).int64(), None);
        assert_eq!(Reader(&[2, 0]).int64(), None);
    }

    #[test]
    fn identifiers() {
        let oid = Reader(&[6, 5, 0x2b, 0x0e, 0x03, 0x02, 0x1d]).oid();
        assert_eq!(
            oid.map(|oid| oid.to_string()).as_deref(),
            Some("1.3.14.3.2.29")
        );
        assert!(Reader(&[6, 2, 0x2b, 0x80]).oid().is_none());
        assert!(Reader(&[6, 3, 0x2b, 0x80, 0x01]).oid().is_none());
        assert!(Reader(&[6, 0]).oid().is_none());
    }

    #[test]
    fn bits_move_right() {
        assert_eq!(right_align(4, &[0x12, 0x30]), [0x01, 0x23]);
    }
}
