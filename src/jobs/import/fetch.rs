//! Pictures and files that are only at the old blog: asked for one at a time, where the owner wants that.

use std::collections::{HashMap, HashSet};

use tokio::fs::File;
use url::Url;

use super::{
    Taker,
    pictures::{Kept, name_of},
};
use crate::{
    error::Error,
    exchange,
    model::{
        entry::Picture,
        import::Format,
        remark::{Remark, remark, words},
    },
    outside::download::{Downloads, Missed},
    picture::{self, MAX_BYTES},
};

/// A host that was silent so often has gone, for this run.
const MAX_SILENT: u32 = 3;
/// What did not come is remembered for so many, and asked for again beyond.
const REMEMBERED: usize = 10_000;

/// What is asked for, and what came of it so far.
pub(super) struct Fetching {
    downloads: Downloads,
    /// How often each host was silent, one time after the other.
    silent: HashMap<String, u32>,
    /// Addresses at which there was nothing.
    missed: HashSet<String>,
}

impl Fetching {
    pub(super) fn new(mut downloads: Downloads, format: Format) -> Self {
        downloads.also_hosts(exchange::picture_hosts(format));
        Self { downloads, silent: HashMap::new(), missed: HashSet::new() }
    }

    /// Lets the old blog itself be asked.
    pub(super) fn also(&mut self, address: &str) {
        if let Ok(url) = Url::parse(address) {
            self.downloads.also(&url);
        }
    }

    async fn get(&mut self, url: &Url) -> Result<Vec<u8>, Missed> {
        self.try_again(url)?;
        let got = self.downloads.get(url, MAX_BYTES).await;
        self.heard(url, &got);
        got
    }

    /// Has a file that is no picture written to the disk as it comes.
    pub(super) async fn save(&mut self, url: &Url, most: u64, into: &mut File) -> Result<(), Missed> {
        self.try_again(url)?;
        let saved = self.downloads.save(url, most, into).await;
        self.heard(url, &saved);
        saved
    }

    fn try_again(&self, url: &Url) -> Result<(), Missed> {
        let times = self.silent.get(url.host_str().unwrap_or_default());
        if times.is_some_and(|times| *times >= MAX_SILENT) { Err(Missed::GivenUp) } else { Ok(()) }
    }

    fn heard<T>(&mut self, url: &Url, got: &Result<T, Missed>) {
        let host = url.host_str().unwrap_or_default();
        if matches!(got, Err(Missed::Silent(_))) {
            *self.silent.entry(host.to_owned()).or_default() += 1;
        } else {
            self.silent.remove(host);
        }
    }

    /// Remembers that there was nothing.
    pub(super) fn miss(&mut self, key: String, why: Remark) -> Kept {
        if self.missed.len() < REMEMBERED {
            self.missed.insert(key);
        }
        Kept::Missing(Some(why))
    }

    /// The largest at an address that can be kept.
    async fn picture(&mut self, url: &Url) -> Result<Picture, Remark> {
        let mut why = remark("missed-nothing");
        for address in exchange::sizes(url.as_str()) {
            let Ok(url) = Url::parse(&address) else { continue };
            let bytes = match self.get(&url).await {
                Ok(bytes) => bytes,
                Err(missed) => {
                    why = missed.remark();
                    continue;
                }
            };
            let name = name_of(url.path());
            let looked = tokio::task::spawn_blocking(move || picture::picture("", &name, bytes)).await;
            match looked {
                Ok(Ok(picture)) => return Ok(picture),
                Ok(Err(error)) => why = error.remark(),
                Err(error) => why = words(error),
            }
        }
        Err(why)
    }
}

impl Taker<'_> {
    /// Asks the old blog for a picture, and keeps it. What came once is not asked for again, in no later run either.
    pub(super) async fn fetch(&mut self, reference: &str, key: Option<String>) -> Result<Kept, Error> {
        let url = match self.may_fetch(reference, key.as_deref()) {
            Ok(url) => url,
            Err(why) => return Ok(Kept::Missing(why)),
        };
        let (Some(fetching), Some(key)) = (&mut self.fetching, key) else { return Ok(Kept::Missing(None)) };
        if self.wanted.is_trial {
            // What a text shows smaller is the same picture.
            let largest = exchange::sizes(url.as_str()).into_iter().next().unwrap_or_default();
            self.report.pictures += u64::from(self.tried.is_first(&largest));
            return Ok(Kept::Would);
        }
        match fetching.picture(&url).await {
            Ok(picture) => self.keep_as(Some(key), &picture).await,
            Err(why) => Ok(fetching.miss(key, why)),
        }
    }

    /// The address to ask for what is at `reference`; else why it is not asked for, where that is worth a word.
    pub(super) fn may_fetch(&self, reference: &str, key: Option<&str>) -> Result<Url, Option<Remark>> {
        let url = self.picture_url(reference);
        if self.fetching.is_some() && url.is_none() && key.is_some() {
            return Err(Some(remark("missed-no-site")));
        }
        let (Some(fetching), Some(mut url), Some(key)) = (&self.fetching, url, key) else {
            return Err(None);
        };
        // The same picture in another size is none of its own.
        url.set_query(None);
        url.set_fragment(None);
        fetching.downloads.allow(&url).map_err(|missed| Some(missed.remark()))?;
        if fetching.missed.contains(key) { Err(Some(remark("missed-before"))) } else { Ok(url) }
    }
}
