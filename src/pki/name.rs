//! Names of issuers and subjects.

use super::der::{Oid, Reader, element, tag};
use std::fmt::Write;

/// The attribute that holds a user's UID.
const UID: [u32; 8] = [1, 3, 6, 1, 4, 1, 57683, 2];

/// A name: what Go's `pkix.Name` keeps of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Name {
    pub common_name: String,
    pub organizations: Vec<String>,
    pub organizational_units: Vec<String>,
    pub uids: Vec<String>,
    /// As Go prints it.
    pub printed: String,
}

/// The attributes that Go gathers by kind (the last part of 2.5.4.x) and prints by name, in the order
/// of its output.
const GATHERED: [(u32, &str); 9] = [
    (6, "C"),
    (10, "O"),
    (11, "OU"),
    (7, "L"),
    (8, "ST"),
    (9, "STREET"),
    (17, "POSTALCODE"),
    (3, "CN"),
    (5, "SERIALNUMBER"),
];

impl Name {
    /// Reads a name with its outer tag.
    pub fn parse(der: &[u8]) -> Result<Name, String> {
        let mut rdns = Reader(der)
            .read(tag::SEQUENCE)
            .ok_or("x509: invalid RDNSequence")?;
        let mut gathered: [Vec<String>; GATHERED.len()] = Default::default();
        let mut others: Vec<(Oid, String)> = Vec::new();
        while !rdns.is_empty() {
            let mut set = rdns.read(tag::SET).ok_or("x509: invalid RDNSequence")?;
            while !set.is_empty() {
                let mut attribute = set
                    .read(tag::SEQUENCE)
                    .ok_or("x509: invalid RDNSequence: invalid attribute")?;
                let oid = attribute
                    .oid()
                    .ok_or("x509: invalid RDNSequence: invalid attribute type")?;
                let value = attribute
                    .any()
                    .ok_or("x509: invalid RDNSequence: invalid attribute value")?;
                let value = string(value.tag, value.contents).map_err(|error| {
                    format!("x509: invalid RDNSequence: invalid attribute value: {error}")
                })?;
                match place(&oid) {
                    Some(place) => gathered[place].push(value),
                    None => others.push((oid, value)),
                }
            }
        }
        Ok(Name::of(gathered, others))
    }

    fn of(mut gathered: [Vec<String>; GATHERED.len()], others: Vec<(Oid, String)>) -> Name {
        // Of a common name and a serial number the last one counts, and an empty one is not printed.
        for values in &mut gathered[7..] {
            let last = values.pop().filter(|value| !value.is_empty());
            *values = last.into_iter().collect();
        }
        let printed = print(&gathered, &others);
        let uids = others.into_iter().filter(|(oid, _)| oid.0 == UID);
        let uids = uids.map(|(_, value)| value).collect();
        let [
            _,
            organizations,
            organizational_units,
            ..,
            mut common_name,
            _,
        ] = gathered;
        Name {
            common_name: common_name.pop().unwrap_or_default(),
            organizations,
            organizational_units,
            uids,
            printed,
        }
    }
}

fn place(oid: &Oid) -> Option<usize> {
    match oid.0[..] {
        [2, 5, 4, kind] => GATHERED.iter().position(|&(known, _)| known == kind),
        _ => None,
    }
}

/// Prints a name as Go does: most specific part first, unknown attributes at the very end.
fn print(gathered: &[Vec<String>], others: &[(Oid, String)]) -> String {
    let mut out = String::new();
    for (values, (_, label)) in gathered.iter().zip(GATHERED).rev() {
        for (index, value) in values.iter().enumerate() {
            match index {
                0 if out.is_empty() => {}
                0 => out.push(','),
                _ => out.push('+'),
            }
            out.push_str(label);
            out.push('=');
            escape(&mut out, value);
        }
    }
    for (oid, value) in others.iter().rev() {
        if !out.is_empty() {
            out.push(',');
        }
        let printable = |byte: u8| is_printable(byte) && byte != b'*' && byte != b'&';
        let tag = if value.bytes().all(printable) {
            tag::PRINTABLE_STRING
        } else {
            tag::UTF8_STRING
        };
        let _ = write!(out, "{oid}=#");
        for byte in element(tag, value.as_bytes()) {
            let _ = write!(out, "{byte:02x}");
        }
    }
    out
}

fn escape(out: &mut String, value: &str) {
    for (index, c) in value.char_indices() {
        let special = match c {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => true,
            ' ' => index == 0 || index == value.len() - 1,
            '#' => index == 0,
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
    }
}

/// What may stand in a PrintableString; the star and the ampersand only by Go's leniency.
fn is_printable(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'\''..=b')' | b'+'..=b'/')
        || b" :=?*&".contains(&byte)
}

/// Reads a string of one of the types that Go knows.
fn string(kind: u8, value: &[u8]) -> Result<String, String> {
    let checked = |valid: bool, name: &str| {
        if valid {
            Ok(String::from_utf8_lossy(value).into_owned())
        } else {
            Err(format!("invalid {name}"))
        }
    };
    match kind {
        tag::T61_STRING => Ok(value.iter().map(|&byte| char::from(byte)).collect()),
        tag::PRINTABLE_STRING => checked(value.iter().all(|&b| is_printable(b)), "PrintableString"),
        tag::UTF8_STRING => checked(std::str::from_utf8(value).is_ok(), "UTF-8 string"),
        tag::IA5_STRING => checked(value.is_ascii(), "IA5String"),
        tag::NUMERIC_STRING => {
            let numeric = |byte: &u8| matches!(byte, b'0'..=b'9' | b' ');
            checked(value.iter().all(numeric), "NumericString")
        }
        tag::BMP_STRING => bmp_string(value).ok_or_else(|| "invalid BMPString".to_owned()),
        _ => Err(format!("unsupported string type: {kind}")),
    }
}

/// Two octets a character; a final NUL is dropped, surrogates and noncharacters are refused.
fn bmp_string(value: &[u8]) -> Option<String> {
    if !value.len().is_multiple_of(2) {
        return None;
    }
    let value = value.strip_suffix(&[0, 0]).unwrap_or(value);
    let character = |pair: &[u8]| {
        let point = u16::from_be_bytes([pair[0], pair[1]]);
        match point {
            0xfffe | 0xffff | 0xfdd0..=0xfdef => None,
            _ => char::from_u32(u32::from(point)),
        }
    };
    value.chunks_exact(2).map(character).collect()
}

#[cfg(test)]
mod tests {
    use super::{Name, element, string, tag};

    fn name(attributes: &[(&[u8], u8, &str)]) -> Result<Name, String> {
        let mut rdns = Vec::new();
        for (oid, kind, value) in attributes {
            let mut attribute = element(tag::OID, oid);
            attribute.extend(element(*kind, value.as_bytes()));
            rdns.extend(element(tag::SET, &element(tag::SEQUENCE, &attribute)));
        }
        Name::parse(&element(tag::SEQUENCE, &rdns))
    }

    const CN: &[u8] = &[0x55, 4, 3];
    const O: &[u8] = &[0x55, 4, 10];
    const UID: &[u8] = &[0x2b, 6, 1, 4, 1, 0x83, 0xc2, 0x53, 2];

    #[test]
    fn the_last_common_name_counts() {
        let read = name(&[
            (CN, tag::UTF8_STRING, "a"),
            (O, tag::UTF8_STRING, " x,y"),
            (O, tag::UTF8_STRING, "#z"),
            (UID, tag::PRINTABLE_STRING, "u1"),
            (CN, tag::UTF8_STRING, "b"),
        ])
        .expect("a name");
        assert_eq!(read.common_name, "b");
        assert_eq!(read.uids, ["u1"]);
        assert_eq!(
            read.printed,
            r"CN=b,O=\ x\,y+O=\#z,1.3.6.1.4.1.57683.2=#13027531"
        );
    }

    #[test]
    fn strings() {
        assert_eq!(string(tag::T61_STRING, &[0xe9]).as_deref(), Ok("é"));
        assert_eq!(string(tag::BMP_STRING, &[0, 65, 0, 0]).as_deref(), Ok("A"));
        for (kind, value, error) in [
            (
                tag::PRINTABLE_STRING,
                &b"a_b"[..],
                "invalid PrintableString",
            ),
            (tag::IA5_STRING, &[0x80], "invalid IA5String"),
            (tag::UTF8_STRING, &[0xff], "invalid UTF-8 string"),
            (tag::NUMERIC_STRING, b"x", "invalid NumericString"),
            (tag::BMP_STRING, &[0xd8, 0], "invalid BMPString"),
            (28, b"", "unsupported string type: 28"),
        ] {
            assert_eq!(string(kind, value), Err(error.to_owned()));
        }
    }
}
