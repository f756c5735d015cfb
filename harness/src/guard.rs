//! Catching what must not happen: a panic while one plan runs is kept as text, and the rest goes on.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// What the panic on this thread said; nothing where panics are not being caught.
    static SAID: RefCell<Option<String>> = const { RefCell::new(None) };
}

static HOOK: Once = Once::new();

/// Does some work; a panic comes back as what it said and where.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            let caught = SAID.with_borrow_mut(|said| said.as_mut().map(|said| *said = text(info)));
            if caught.is_none() {
                before(info);
            }
        }));
    });
    let outer = SAID.replace(Some(String::new()));
    let done = catch_unwind(AssertUnwindSafe(work));
    let said = SAID.replace(outer).unwrap_or_default();
    done.map_err(|_| said)
}

fn text(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let words = payload.downcast_ref::<&str>().map(|words| (*words).to_owned());
    let words = words.or_else(|| payload.downcast_ref::<String>().cloned());
    let words = words.unwrap_or_else(|| "a panic without words".into());
    match info.location() {
        // Where the sources lie on the machine that built them is nobody's business.
        Some(at) => {
            let file = at.file().rsplit_once("/registry/src/").map_or(at.file(), |(_, file)| file);
            format!("{words} ({file}:{})", at.line())
        }
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_comes_back_as_words_and_the_next_work_is_done() {
        let broken = guarded(|| -> u32 { panic!("the {} is empty", "drawer") });
        let said = broken.expect_err("it panicked");
        assert!(said.starts_with("the drawer is empty (") && said.contains("guard.rs:"), "{said}");
        assert_eq!(guarded(|| 7), Ok(7));
    }
}
