//! `--token-auth-file`: static tokens, one a row.

use super::csv::{CsvError, Reader};
use crate::model::Secret;

/// A row: a token and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// The token.
    pub token: Secret,
    /// The user's name; may be empty.
    pub user: String,
    /// The user's uid; may be empty.
    pub uid: String,
    /// The user's groups, neither sorted nor made unique.
    pub groups: Vec<String>,
}

/// Why a token file stops the server; displayed in its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFileError {
    /// It is no CSV.
    #[error("{0}")]
    Csv(CsvError),
    /// A row is too short.
    #[error(
        "token file '{path}' must have at least 3 columns (token, user name, user uid), found {found}"
    )]
    Columns {
        /// The file, as the flag names it.
        path: String,
        /// How many columns the row has.
        found: usize,
    },
}

/// Reads the rows of a token file. Where a token is given twice, the last row counts and stands at the
/// place of the first; rows with an empty token are skipped, as the server skips them.
///
/// # Errors
/// [`TokenFileError`] at the first row that stops the server.
pub fn rows(path: &str, text: &[u8]) -> Result<Vec<TokenRow>, TokenFileError> {
    let mut rows: Vec<TokenRow> = Vec::new();
    let mut places = std::collections::HashMap::new();
    let mut reader = Reader::new(text);
    while let Some(record) = reader.record() {
        let record = record.map_err(TokenFileError::Csv)?;
        let [token, user, uid, rest @ ..] = &record[..] else {
            return Err(TokenFileError::Columns {
                path: path.to_owned(),
                found: record.len(),
            });
        };
        if token.is_empty() {
            continue;
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let groups = rest.first().map_or_else(Vec::new, |groups| {
            text(groups).split(',').map(str::to_owned).collect()
        });
        let row = TokenRow {
            token: Secret::new(text(token)),
            user: text(user),
            uid: text(uid),
            groups,
        };
        let place = *places.entry(token.clone()).or_insert(rows.len());
        match rows.get_mut(place) {
            Some(earlier) => *earlier = row,
            None => rows.push(row),
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn reads_rows() {
        let text = b"a,one,1\nb,two,2,\"g,h\"\n,none,0\nb,three,3,\nc,four,4,g,h\n";
        let rows = rows("tokens.csv", text).expect("rows");
        let shown: Vec<_> = rows
            .iter()
            .map(|r| {
                (
                    r.token.expose(),
                    &r.user[..],
                    &r.uid[..],
                    r.groups.join("+"),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("a", "one", "1", String::new()),
                ("b", "three", "3", String::new()),
                ("c", "four", "4", "g".to_owned()),
            ]
        );
        assert_eq!(rows[0].groups, [""; 0]);
        assert_eq!(rows[1].groups, [""]);
    }

    #[test]
    fn refuses_short_rows() {
        let error = rows("t.csv", b"a,b\n").expect_err("too short");
        assert_eq!(
            error.to_string(),
            "token file 't.csv' must have at least 3 columns (token, user name, user uid), found 2"
        );
        assert!(!format!("{:?}", rows("t.csv", b"secret,b,c\n")).contains("secret"));
    }
}
