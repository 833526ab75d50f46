//! Who wrote: those who share a name there stay apart here.

use std::collections::{BTreeMap, HashMap};

use super::{
    Taker, named,
    pictures::{Kept, not_come, refused},
};
use crate::{
    error::Error,
    model::{incoming::Person, remark::remark},
    store::NamedAuthor,
    text::plain,
};

/// By the name, in the order of what entries call them: the e-mail addresses.
pub(super) type Namesakes = HashMap<String, BTreeMap<String, Option<String>>>;

impl Taker<'_> {
    pub(super) async fn person(&mut self, mut person: Person) -> Result<(), Error> {
        if let Some(picture) = person.picture.take() {
            person.picture = self.face(&person.name, &picture).await?;
        }
        let NamedAuthor { name, email, .. } = named(&person);
        let alike = self.namesakes.entry(name).or_default();
        // With one e-mail address, two names to log in with are one person.
        let is_told = email.is_some() && alike.values().any(|known| *known == email);
        if !is_told {
            alike.insert(person.key.clone(), email.filter(|email| !email.is_empty()));
        }
        self.people.insert(person.key.clone(), person);
        Ok(())
    }

    /// The address here of somebody's picture.
    async fn face(&mut self, name: &str, picture: &str) -> Result<Option<String>, Error> {
        let what = match self.picture(picture).await? {
            Kept::Here(address, _) => return Ok(Some(address)),
            Kept::Would => return Ok(None),
            Kept::Missing(why) => {
                self.report.missing_pictures += u64::from(self.note_missed(picture) == 1);
                not_come(picture, why)
            }
            Kept::Refused(why) => {
                self.note_missed(picture);
                refused(picture, why)
            }
        };
        self.line(plain::clean_line(name), what, false);
        Ok(None)
    }

    /// Somebody as the store knows people, and who else has that name.
    pub(super) fn author(&self, person: &Person) -> NamedAuthor {
        let author = named(person);
        let Some(alike) = self.namesakes.get(&author.name).filter(|alike| alike.len() > 1) else { return author };
        let by_key = alike.keys().position(|key| *key == person.key);
        let by_email = || alike.values().position(|email| email.is_some() && *email == author.email);
        let place = by_key.or_else(by_email).unwrap_or_default();
        NamedAuthor { namesakes: alike.values().cloned().collect(), place, ..author }
    }

    /// Says of whom the name alone tells who that is here, while the e-mail addresses differ.
    pub(super) async fn tell_other_emails(&mut self) -> Result<(), Error> {
        let people: Vec<NamedAuthor> = self.people.values().map(|person| self.author(person)).collect();
        for author in people {
            let Some(email) = author.email.clone().filter(|email| !email.is_empty()) else { continue };
            let Some((slug, Some(here))) = self.store.known_author(&author).await? else { continue };
            if !here.is_empty() && !here.eq_ignore_ascii_case(&email) {
                self.line(author.name, remark("import-same-name").put("slug", slug), false);
            }
        }
        Ok(())
    }
}
