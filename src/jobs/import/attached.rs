//! What lies in the old blog's library and no text shows: brought over once the texts are, with its words.

use super::{Taker, Tried, pictures::Kept};
use crate::{
    error::Error,
    exchange,
    model::{incoming::Attached, media, remark::remark},
    picture::short,
    rules::old_address,
    text::plain,
};

/// More that did not come are counted, not named.
const MAX_NAMED: u64 = 20;

/// What could not be had.
#[derive(Default)]
pub(super) struct Missed {
    /// How often texts have named one, by its key.
    named: Tried,
    /// Of what no text shows.
    count: u64,
}

impl Taker<'_> {
    /// Remembers that something did not come; the how manyth time that is.
    pub(super) fn note_missed(&mut self, reference: &str) -> u32 {
        let key = self.picture_key(reference).unwrap_or_else(|| reference.to_owned());
        self.missed.named.times(&old_address::full_size(&key).unwrap_or(key))
    }

    pub(super) async fn attached(&mut self, Attached { address, alt, caption }: Attached) -> Result<(), Error> {
        let kept = if exchange::has_picture_ending(&address) {
            self.picture(&address).await?
        } else if exchange::has_file_ending(&address) {
            self.file(&address).await?
        } else {
            Kept::Refused(remark("import-file-none"))
        };
        let why = match kept {
            Kept::Here(here, _) => return self.describe(&here, &alt, &caption).await,
            Kept::Would => return Ok(()),
            Kept::Missing(why) => why,
            Kept::Refused(why) => Some(why),
        };
        if self.note_missed(&address) > 1 {
            return Ok(());
        }
        self.missed.count += 1;
        if self.missed.count <= MAX_NAMED {
            let what = match why {
                Some(why) => remark("import-file-not-come").put("file", short(&address)).because([why]),
                None => remark("import-file-stays").put("file", short(&address)),
            };
            self.line(self.library(), what, false);
        }
        Ok(())
    }

    /// Gives the library here the words that it has none of.
    async fn describe(&self, address: &str, alt: &str, caption: &str) -> Result<(), Error> {
        let (alt, caption) = (plain::clean_line(alt), plain::clean_line(caption));
        let Some(hash) = media::hash_in(address).filter(|_| !self.wanted.is_trial) else { return Ok(()) };
        self.store.describe_imported(hash, &alt, &caption).await
    }

    /// Says how many did not come.
    pub(super) fn count_missed(&mut self) {
        if self.missed.count > 0 {
            let what = remark("import-library-stays").put("n", self.missed.count);
            self.line(self.library(), what, false);
        }
    }

    /// How the blog as a whole is named in a report.
    pub(super) fn library(&self) -> String {
        self.own_host().unwrap_or_else(|| self.wanted.format.name().to_owned())
    }
}
