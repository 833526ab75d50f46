//! The pictures of a blog from elsewhere: found in what the export brings or in a folder, kept once, known by their old addresses.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use url::Url;

use super::{Taker, lead, normal};
use crate::{
    error::Error,
    exchange::{self, bare},
    model::{
        entry::Picture,
        incoming::Source,
        media::{self, Shown},
        remark::{Remark, heard, remark},
    },
    picture::{self, short},
    rules::{old_address, token},
};

/// What became of a picture.
pub(super) enum Kept {
    /// Its address here, and what is known of it.
    Here(String, Shown),
    /// In a trial: it would be.
    Would,
    /// It was not found; more about that.
    Missing(Option<Remark>),
    /// It was found, and is none.
    Refused(Remark),
}

impl Taker<'_> {
    /// The address of a picture, wherever a text has it from.
    pub(super) fn picture_url(&self, reference: &str) -> Option<Url> {
        let base = self.about.address.as_deref().and_then(|address| Url::parse(&format!("{address}/")).ok());
        let url = Url::parse(reference).ok().or_else(|| base?.join(reference).ok())?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    }

    /// What remembers a picture by its address: host and path, without what varies. Where nobody says where the old blog was, its
    /// own pictures have no host, but a path.
    pub(super) fn picture_key(&self, reference: &str) -> Option<String> {
        if let Some(url) = self.picture_url(reference) {
            return Some(format!("{}{}", bare(url.host_str()?), url.path()));
        }
        let is_path = self.about.address.is_none() && reference.starts_with('/') && !reference.starts_with("//");
        let url = Url::parse("http://old.invalid").ok().filter(|_| is_path)?.join(reference).ok()?;
        Some(url.path().to_owned())
    }

    /// Whether a reference may be that of a picture.
    pub(super) fn may_be_picture(&self, reference: &str) -> bool {
        self.files.contains_key(reference)
            || exchange::has_picture_ending(reference)
            || exchange::is_bloggers_picture(reference)
    }

    /// Keeps the picture at `reference`, if it can be found.
    pub(super) async fn picture(&mut self, reference: &str) -> Result<Kept, Error> {
        let key = self.picture_key(reference);
        // A path alone may have been that of another blog's picture: what is in the folder comes before what is remembered.
        let has_host = key.as_ref().is_some_and(|key| !key.starts_with('/'));
        if has_host && let Some(kept) = self.kept_before(key.as_deref()).await? {
            return Ok(kept);
        }
        let found = match self.files.get(reference) {
            Some(source) => Some(source.clone()),
            None => self.in_uploads(key.as_deref()).await?,
        };
        let Some(source) = found else {
            let remembered = if has_host { None } else { self.kept_before(key.as_deref()).await? };
            return if let Some(kept) = remembered { Ok(kept) } else { self.fetch(reference, key).await };
        };
        // A text may have named a smaller copy.
        let file = match &source {
            Source::Path(path) => path.file_name().map(|name| name.to_string_lossy().into_owned()),
            Source::Zipped { name, .. } => name.rsplit('/').next().map(str::to_owned),
            _ => None,
        };
        let name = file.unwrap_or_else(|| name_of(reference));
        let looked = tokio::task::spawn_blocking(move || -> Result<Picture, Remark> {
            let bytes = exchange::bytes(&source).map_err(|error| heard(&error))?;
            let bytes = bytes.ok_or_else(|| picture::PictureError::TooHeavy.remark())?;
            picture::picture("", &name, bytes).map_err(|error| error.remark())
        })
        .await?;
        match looked {
            Err(why) => Ok(Kept::Refused(why)),
            Ok(picture) if self.wanted.is_trial => self.would_picture(&picture).await,
            Ok(picture) => self.keep_as(key, &picture).await,
        }
    }

    /// What an earlier import, or this one, has kept of what was at an address.
    pub(super) async fn kept_before(&self, key: Option<&str>) -> Result<Option<Kept>, Error> {
        let Some(key) = key else { return Ok(None) };
        let Some((hash, name)) = self.store.imported_picture(key).await? else { return Ok(None) };
        let address = media::address(&hash, &name);
        let shown = self.store.media_shown(std::slice::from_ref(&address)).await?.remove(&address);
        Ok(Some(Kept::Here(address, shown.unwrap_or_default())))
    }

    /// Where it is in a copy of the old blog's uploads.
    pub(super) async fn in_uploads(&self, key: Option<&str>) -> Result<Option<Source>, Error> {
        let Some(key) = key.map(str::to_owned).filter(|_| !self.uploads.is_empty()) else { return Ok(None) };
        let uploads = Arc::clone(&self.uploads);
        Ok(tokio::task::spawn_blocking(move || uploads.iter().find_map(|copy| copy.find(&key))).await?)
    }

    /// Counts a picture that would come.
    pub(super) async fn would_picture(&mut self, picture: &Picture) -> Result<Kept, Error> {
        let is_new = self.would_be_new(token::content_hash(&picture.bytes)).await?;
        self.report.pictures += u64::from(is_new);
        Ok(Kept::Would)
    }

    /// In a trial: whether bytes of this hash are neither here nor told of before.
    pub(super) async fn would_be_new(&mut self, hash: String) -> Result<bool, Error> {
        Ok(self.store.media(&hash).await?.is_none() && self.tried.is_first(&hash))
    }

    /// Keeps a picture that was found, and what it was called; where it was on the old blog's own host, that leads to it.
    pub(super) async fn keep_as(&mut self, key: Option<String>, picture: &Picture) -> Result<Kept, Error> {
        let (address, shown) = self.keep(picture).await?;
        if let Some(key) = key {
            self.lead_from(&key, &shown.hash, &address).await?;
            // The one that was uploaded is known by this smaller one, where no text shows it.
            let uploaded = old_address::unscaled(&key);
            if let Some(uploaded) = uploaded
                && self.store.imported_picture(&uploaded).await?.is_none()
            {
                self.lead_from(&uploaded, &shown.hash, &address).await?;
            }
        }
        Ok(Kept::Here(address, shown))
    }

    /// Remembers what was at an address of the old blog, and leads that here.
    pub(super) async fn lead_from(&mut self, key: &str, hash: &str, address: &str) -> Result<(), Error> {
        let own = key.split_once('/').filter(|_| self.is_own(key));
        let redirect = own.and_then(|(_, path)| lead(&[path.to_owned()], address).pop());
        if !self.store.note_picture(key, hash, redirect.as_ref(), self.now).await? {
            self.line(format!("/{}", normal(key)), remark("import-path-taken"), false);
        }
        Ok(())
    }

    /// The same for a path of the old blog.
    pub(super) async fn lead_from_path(&mut self, path: &str, hash: &str, address: &str) -> Result<(), Error> {
        let written = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
        let Some(key) = self.picture_key(&format!("/{written}")) else { return Ok(()) };
        if self.store.imported_picture(&key).await?.is_some_and(|(known, _)| known == hash) {
            return Ok(());
        }
        self.lead_from(&key, hash, address).await
    }

    /// Keeps a picture that the export brings.
    pub(super) async fn keep(&mut self, picture: &Picture) -> Result<(String, Shown), Error> {
        let hash = token::content_hash(&picture.bytes);
        // The same bytes may have come under another name before: that name is the address.
        let name = self.store.add_media(&hash, picture, self.now).await?;
        self.report.pictures += u64::from(name.is_new);
        let address = media::address(&hash, &name.kept_as);
        let shown = Shown {
            hash,
            media_type: picture.kind.media_type().to_owned(),
            is_animated: picture.is_animated,
            ..Shown::sized(picture.width, picture.height)
        };
        Ok((address, shown))
    }

    /// The old blog's host, bare.
    pub(super) fn own_host(&self) -> Option<String> {
        let url = Url::parse(self.about.address.as_deref()?).ok()?;
        url.host_str().map(|host| bare(host).to_owned())
    }

    /// All hosts by which the old blog was known, as [`exchange::own_host`] has them: those that its source tells, and that of the
    /// owner.
    pub(super) fn own_hosts(&self) -> Vec<String> {
        let address = self.about.address.as_deref().and_then(|address| Url::parse(address).ok());
        let told = address.iter().chain(&self.wanted.site).filter_map(Url::host_str);
        told.chain(self.about.hosts.iter().map(String::as_str)).map(exchange::own_host).collect()
    }

    /// Whether a key is that of a picture of the old blog's own.
    pub(super) fn is_own(&self, key: &str) -> bool {
        match key.split('/').next().unwrap_or_default() {
            "" => self.own_host().is_none(),
            host => self.own_hosts().contains(&exchange::own_host(host)),
        }
    }
}

/// What is said of a picture that did not come; `why`, where that is known.
pub(super) fn not_come(picture: &str, why: Option<Remark>) -> Remark {
    match why {
        Some(why) => remark("import-picture-not-come").put("picture", short(picture)).because([why]),
        None => remark("import-picture-not-found").put("picture", short(picture)),
    }
}

/// And of what came and is none.
pub(super) fn refused(picture: &str, why: Remark) -> Remark {
    remark("import-picture-refused").put("picture", short(picture)).because([why])
}

/// The name of the file at an address.
pub(super) fn name_of(reference: &str) -> String {
    let name = reference.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    percent_decode_str(name).decode_utf8_lossy().into_owned()
}
