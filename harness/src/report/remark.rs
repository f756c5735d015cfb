//! What a check says, in words. Each language has one table with a row for every remark: `en` and `zh`. A
//! row takes every value of its remark by name, and a table leaves no remark out: else it does not compile.

mod en;
#[cfg(test)]
mod tests;
mod zh;

use super::trace::Lang;
use super::words::Words;
use crate::check::Remark;

impl Words<'_> {
    /// What a check said, in the language of these words.
    pub fn remark(self, remark: &Remark) -> String {
        match self.lang {
            Lang::En => en::text(self, remark),
            Lang::Zh => zh::text(self, remark),
        }
    }
}
