//! How many common names a subject has: the certificate keeps the last one only.

/// The object identifier of a common name, 2.5.4.3, as encoded.
const COMMON_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

/// How many common names an encoded name has: a sequence of sets of pairs of type and value.
pub(super) fn common_names(name: &[u8]) -> usize {
    let pairs = contents(name, SEQUENCE)
        .into_iter()
        .flat_map(elements)
        .filter_map(|set| contents(set, SET))
        .flat_map(elements)
        .filter_map(|pair| contents(pair, SEQUENCE));
    pairs.filter(|pair| pair.starts_with(COMMON_NAME)).count()
}

/// The elements that stand side by side, up to the first that does not fit.
fn elements(mut text: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (header, length) = header(text)?;
        let end = header.checked_add(length)?;
        let element = text.get(..end)?;
        text = text.get(end..)?;
        Some(element)
    })
}

/// What is inside an element of this kind.
fn contents(element: &[u8], tag: u8) -> Option<&[u8]> {
    let (header, length) = header(element)?;
    (*element.first()? == tag)
        .then(|| element.get(header..header.checked_add(length)?))
        .flatten()
}

/// The length of an element's head, and that of its contents.
fn header(text: &[u8]) -> Option<(usize, usize)> {
    let first = *text.get(1)?;
    if first < 0x80 {
        return Some((2, usize::from(first)));
    }
    let count = usize::from(first & 0x7f);
    if !(1..=4).contains(&count) {
        return None;
    }
    let octets = text.get(2..2 + count)?;
    let length = octets
        .iter()
        .fold(0, |sum, octet| sum << 8 | usize::from(*octet));
    Some((2 + count, length))
}

#[cfg(test)]
mod tests {
    use super::common_names;

    #[test]
    fn counts_common_names() {
        let pair = |oid: u8, value: &[u8]| {
            let mut pair = vec![0x06, 0x03, 0x55, 0x04, oid, 0x0c, value.len() as u8];
            pair.extend_from_slice(value);
            let head = [0x31, pair.len() as u8 + 2, 0x30, pair.len() as u8];
            [&head[..], &pair].concat()
        };
        let name = |parts: &[Vec<u8>]| {
            let all = parts.concat();
            [&[0x30, 0x81, all.len() as u8][..], &all].concat()
        };
        // The value of an organization is no type.
        let tricky = [0x06, 0x03, 0x55, 0x04, 0x03];
        assert_eq!(
            common_names(&name(&[pair(3, b"a"), pair(10, &tricky), pair(3, b"")])),
            2
        );
        assert_eq!(common_names(&name(&[])), 0);
        assert_eq!(common_names(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x31]), 0);
        assert_eq!(common_names(&[]), 0);
    }
}
