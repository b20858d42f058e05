//! `metadata` of an object in the clean form.

use super::Scratch;
use crate::load::decode::is_time;
use crate::load::json::{Cursor, Form, keys};
use crate::load::objects::Context;
use crate::model::names::{is_path_segment, label_key_errors, label_value_errors};
use crate::model::{Interner, Symbol};

/// More labels or annotations than these are not compared with each other for repetitions.
const FEW: usize = 16;

/// What is kept of it; the labels are in the scratch.
pub(super) struct Meta<'t> {
    pub(super) name: &'t str,
    pub(super) namespace: &'t str,
}

impl<'t> Meta<'t> {
    /// The namespace, if the object is namespaced.
    pub(super) fn namespace_or<'a>(&self, default: &'a str) -> &'a str
    where
        't: 'a,
    {
        match self.namespace {
            "" => default,
            named => named,
        }
    }
}

/// Reads `metadata`.
pub(super) fn meta<'t>(
    cursor: &mut Cursor<'t>,
    cx: &mut Context<'_>,
    scratch: &mut Scratch,
    form: &mut Form<7>,
) -> Option<Meta<'t>> {
    let (mut name, mut namespace) = ("", "");
    // Objects of one origin have the same labels, or the same keys at least.
    std::mem::swap(&mut scratch.labels, &mut scratch.last_labels);
    scratch.labels.clear();
    let keys = keys![
        "annotations",
        "creationTimestamp",
        "labels",
        "name",
        "namespace",
        "resourceVersion",
        "uid"
    ];
    cursor.object(&keys, form, |cursor, key| match key {
        0 => annotations(cursor),
        1 => is_time(cursor.string()?).then_some(()),
        2 => labels(cursor, cx.interner, scratch),
        3 => {
            name = cursor.string()?;
            Some(())
        }
        4 => {
            namespace = cursor.string()?;
            Some(())
        }
        _ => cursor.string().map(drop),
    })?;
    (!name.is_empty() && is_path_segment(name)).then_some(Meta { name, namespace })
}

fn labels(cursor: &mut Cursor<'_>, interner: &mut Interner, scratch: &mut Scratch) -> Option<()> {
    let Scratch {
        labels,
        last_labels,
        checks,
        ..
    } = scratch;
    cursor.map(|cursor, key| {
        let guess = last_labels.get(labels.len()).copied();
        let (guess, guessed_value) = guess.unwrap_or((Symbol::EMPTY, Symbol::EMPTY));
        let key = interner.intern_guess(key, guess);
        let value = interner.intern_guess(cursor.string()?, guessed_value);
        let repeated = labels.len() == FEW || labels.iter().any(|(earlier, _)| *earlier == key);
        labels.push((key, value));
        let good = checks.is_key(interner, key) && checks.is_value(interner, value);
        (good && !repeated).then_some(())
    })
}

fn annotations(cursor: &mut Cursor<'_>) -> Option<()> {
    let mut keys = [""; FEW];
    let mut count = 0;
    cursor.map(|cursor, key| {
        if keys[..count].contains(&key) || !label_key_errors(&key.to_lowercase()).is_empty() {
            return None;
        }
        *keys.get_mut(count)? = key;
        count += 1;
        if key == "rbac.authorization.kubernetes.io/autoupdate" {
            // Any other value than the usual one is to be noted.
            return (cursor.string()? == "true").then_some(());
        }
        cursor.skip_string()
    })
}

/// Which strings have been found to be good label keys and values: the same few come again and again.
#[derive(Debug, Default)]
pub(super) struct LabelChecks(Vec<u8>);

impl LabelChecks {
    const KEY: u8 = 1;
    const VALUE: u8 = 2;

    fn is_key(&mut self, interner: &Interner, key: Symbol) -> bool {
        self.is(key, Self::KEY, || label_key_errors(interner.resolve(key)))
    }

    fn is_value(&mut self, interner: &Interner, value: Symbol) -> bool {
        self.is(value, Self::VALUE, || {
            label_value_errors(interner.resolve(value))
        })
    }

    #[inline]
    fn is(&mut self, symbol: Symbol, what: u8, errors: impl FnOnce() -> Vec<String>) -> bool {
        let known = self
            .0
            .get(symbol.index())
            .is_some_and(|known| known & what != 0);
        known || self.check(symbol, what, errors().is_empty())
    }

    #[cold]
    fn check(&mut self, symbol: Symbol, what: u8, good: bool) -> bool {
        if good {
            let length = self.0.len().max(symbol.index() + 1);
            self.0.resize(length, 0);
            self.0[symbol.index()] |= what;
        }
        good
    }
}
