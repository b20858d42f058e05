//! The words of a binding, to be interned together: copied, since the text that they come from is not
//! known to what is reused from object to object. A copy of a few bytes is cheaper than an allocation.

use crate::load::objects::write_service_account_user;

/// One of the [`Words`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Word(u32);

impl Word {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Words side by side.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    ends: Vec<usize>,
}

impl Words {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    pub(super) fn add(&mut self, word: &str) -> Word {
        self.text.push_str(word);
        self.end()
    }

    pub(super) fn add_service_account_user(&mut self, namespace: &str, name: &str) -> Word {
        write_service_account_user(namespace, name, &mut self.text);
        self.end()
    }

    fn end(&mut self) -> Word {
        self.ends.push(self.text.len());
        Word(self.ends.len() as u32 - 1)
    }

    /// All words in the order in which they were added.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let words = starts.zip(&self.ends);
        words.map(|(start, &end)| &self.text[start..end])
    }
}
