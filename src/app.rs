//! What every handler gets: the concrete parts of the running program, side by side.

use std::{
    net::IpAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, atomic::AtomicU64},
    time::Duration,
};

use ipnet::IpNet;
use tokio::{
    runtime::{self, Handle, Runtime},
    sync::{Notify, OnceCell, OwnedSemaphorePermit, Semaphore, SemaphorePermit},
};
use url::Url;

use crate::{
    clock::Clock,
    error::{Error, Result},
    limits::Limits,
    model::{
        appearance::Appearance,
        change::{Moment, Shows},
        import::Progress,
        mail::{MailConfig, Smtp},
        outside::Service,
        post::PostLink,
        settings::Settings,
        time::Time,
    },
    rules::{
        judge::{
            lists::Lists,
            outside::Senders,
            recent::{REMEMBERED, Recent, Trace, WINDOW_MILLIS},
            traits::Traits,
        },
        look::{Look, Sheet, Tried},
        missing::Missing,
        readers::Readers,
        seal::Sealer,
    },
    store::Store,
};

/// Hashing takes 19 MiB and 20 ms each: two at once on a small machine leave room for readers.
const HASHES_AT_ONCE: usize = 2;
/// Rendering a long post takes some milliseconds of one core.
const RENDERS_AT_ONCE: usize = 2;
/// So many bytes take less time than it would to change threads.
const SHORT: usize = 1024;

/// More than so many waiting for one of these would wait in vain.
const WAITING: usize = 256;
/// Ranking walks over every match: it may not take all the connections that readers share.
const SEARCHES_AT_ONCE: usize = 2;
/// Large forms of people who are not signed in (their session ended) are held in memory: so many at once.
const LARGE_FORMS_AT_ONCE: usize = 8;

/// The running program.
pub struct App {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// The address that readers use, without a trailing slash: never taken from a request.
    pub base: String,
    /// Peers that may say for whom they speak.
    pub trusted_proxies: Vec<IpNet>,
    /// How often is too often.
    pub limits: Limits,
    /// What the configuration says of mail; its server comes before the owner's.
    pub mail: MailConfig,
    /// Whether its pages become plain files: nothing can be sent to those, nor searched.
    pub is_still: bool,
    /// Bytes of the largest file that is taken: the operator says.
    pub max_upload: AtomicU64,
    /// Woken when a file came, or took another's place.
    pub media_came: Notify,
    /// How far the import at the desk is.
    pub importing: Arc<Progress>,
    /// The code of the set-up link, until somebody can sign in.
    setup_code: Mutex<Option<String>>,
    /// `None`: the system gave no randomness.
    sealer: Option<Sealer>,
    hashing: Turns,
    hashers: Hashers,
    rendering: Turns,
    searching: Turns,
    picturing: Turns,
    large_forms: Semaphore,
    exporting: Arc<Semaphore>,
    frame: RwLock<Option<(Moment, Frame)>>,
    settling: tokio::sync::Mutex<()>,
    recent: OnceCell<Mutex<Recent>>,
    senders: Mutex<Senders>,
    missing: Mutex<Missing>,
    readers: Mutex<Readers>,
    tried: Mutex<Tried>,
}

/// What stands around every page; kept in memory until it changes.
#[derive(Clone)]
pub struct Frame {
    /// What the owner decided.
    pub settings: Arc<Settings>,
    /// Pages of the navigation.
    pub pages: Arc<[PostLink]>,
    /// How the names of the blog's own people look: nobody else may bear one.
    pub own_names: Arc<[String]>,
    /// What follows from how the owner wants it to look.
    pub look: Arc<Look>,
    /// What the owner holds, or calls spam.
    pub lists: Arc<Lists>,
    /// The server that takes mail from us; without one there is no mail.
    pub smtp: Option<Arc<Smtp>>,
    /// The outside service that is asked about comments.
    pub service: Option<Arc<Service>>,
}

impl Frame {
    /// With nothing in its navigation.
    pub fn bare(settings: Settings) -> Self {
        Self::new(settings, Look::default(), Lists::default(), Vec::new(), Vec::new(), None, None)
    }

    fn new(
        settings: Settings,
        look: Look,
        lists: Lists,
        pages: Vec<PostLink>,
        own_names: Vec<String>,
        smtp: Option<Arc<Smtp>>,
        service: Option<Arc<Service>>,
    ) -> Self {
        let (look, lists) = (Arc::new(look), Arc::new(lists));
        let (settings, pages, own_names) = (Arc::new(settings), pages.into(), own_names.into());
        Self { settings, pages, own_names, look, lists, smtp, service }
    }
}

impl App {
    /// Puts the parts together. `setup_code`: given while nobody can sign in.
    pub fn new(
        store: Store,
        clock: Clock,
        base: &Url,
        trusted_proxies: Vec<IpNet>,
        setup_code: Option<String>,
        mail: MailConfig,
    ) -> Arc<Self> {
        store.mail_is_configured(mail.smtp.is_some());
        Arc::new(Self {
            store,
            clock,
            base: base.as_str().trim_end_matches('/').to_owned(),
            trusted_proxies,
            limits: Limits::default(),
            mail,
            is_still: false,
            max_upload: AtomicU64::default(),
            setup_code: Mutex::new(setup_code),
            sealer: Sealer::new().ok(),
            hashing: Turns::new(HASHES_AT_ONCE),
            hashers: Hashers::new(),
            rendering: Turns::new(RENDERS_AT_ONCE),
            searching: Turns::new(SEARCHES_AT_ONCE),
            picturing: Turns::new(1),
            media_came: Notify::new(),
            importing: Arc::default(),
            large_forms: Semaphore::new(LARGE_FORMS_AT_ONCE),
            exporting: Arc::new(Semaphore::new(1)),
            frame: RwLock::default(),
            settling: tokio::sync::Mutex::default(),
            recent: OnceCell::new(),
            senders: Mutex::default(),
            missing: Mutex::default(),
            readers: Mutex::default(),
            tried: Mutex::default(),
        })
    }

    /// The same for pages that become plain files.
    pub fn still(store: Store, clock: Clock, base: &Url) -> Arc<Self> {
        let mut app = Self::new(store, clock, base, Vec::new(), None, MailConfig::default());
        if let Some(app) = Arc::get_mut(&mut app) {
            app.is_still = true;
        }
        app
    }

    /// What stands around every page now; `None` until the blog is set up.
    pub async fn frame(&self) -> Result<Option<Frame>> {
        self.settle().await?;
        let changes = self.store.changes();
        if let Some((since, frame)) = &*self.frame.read().unwrap_or_else(PoisonError::into_inner)
            && changes.hold(Shows::Frame, *since)
        {
            return Ok(Some(frame.clone()));
        }
        let since = changes.moment();
        let Some(mut settings) = self.store.settings().await? else { return Ok(None) };
        settings.comments_open &= !self.is_still;
        let pages = self.store.pages(self.clock.now()).await?;
        let look = self.look_of(self.store.appearance().await?).await?;
        let own_names = self.store.own_names().await?;
        // Asked in any case: the store learns by it whether mails work.
        let named = self.store.smtp().await?;
        let smtp = self.mail.smtp.clone().or(named).map(Arc::new);
        let lists = Lists::read(&settings.policy, self.store.networks());
        let service = self.store.outside_service().await?.map(Arc::new);
        let counts_readers = self.store.counts_readers().await?;
        self.readers().set(counts_readers, &settings.zone);
        let frame = Frame::new(settings, look, lists, pages, own_names, smtp, service);
        *self.frame.write().unwrap_or_else(PoisonError::into_inner) = Some((since, frame.clone()));
        Ok(Some(frame))
    }

    /// Ends every page that time alone has made old, before any page is taken or made.
    pub async fn settle(&self) -> Result<()> {
        let changes = self.store.changes();
        while changes.is_due(self.clock.now()) {
            let _one = self.settling.lock().await;
            let now = self.clock.now();
            let asked_at = changes.moment();
            if changes.is_due(now) {
                changes.settle(asked_at, now, self.store.next_due(now).await?);
            }
        }
        Ok(())
    }

    /// What comments came lately; read from the database once, and kept in memory from then on.
    pub async fn recent(&self) -> Result<&Mutex<Recent>> {
        self.recent
            .get_or_try_init(async || {
                let mut recent = Recent::default();
                for past in self.store.past_comments(REMEMBERED as u32).await?.iter().filter(|past| !past.is_own) {
                    recent.add(Trace::of(&past.written, &Traits::of_text(&past.written), past.created_at));
                }
                Ok(Mutex::new(recent))
            })
            .await
    }

    /// Remembers where a comment came from until the outside service has been asked about it.
    pub fn note_sender(&self, uuid: &str, address: IpAddr) {
        self.senders.lock().unwrap_or_else(PoisonError::into_inner).add(uuid.to_owned(), address);
    }

    /// Where it came from, if that is remembered.
    pub fn sender_of(&self, uuid: &str) -> Option<IpAddr> {
        self.senders.lock().unwrap_or_else(PoisonError::into_inner).of(uuid)
    }

    /// Forgets it.
    pub fn forget_sender(&self, uuid: &str) {
        self.senders.lock().unwrap_or_else(PoisonError::into_inner).forget(uuid);
    }

    /// What follows from an appearance.
    pub async fn look_of(&self, appearance: Appearance) -> Result<Look> {
        let shown = self.store.media_shown(std::slice::from_ref(&appearance.banner)).await?;
        let banner = shown.into_values().next();
        Ok(Look::of(appearance, banner.as_ref()))
    }

    /// Has the sheet of a look that is only tried be found for a while.
    pub fn try_look(&self, look: &Look) {
        if let Some(sheet) = &look.reader {
            self.tried.lock().unwrap_or_else(PoisonError::into_inner).add(sheet.clone());
        }
    }

    /// That sheet, by its name.
    pub fn tried_sheet(&self, name: &str) -> Option<Sheet> {
        self.tried.lock().unwrap_or_else(PoisonError::into_inner).named(name).cloned()
    }

    /// What was asked for in vain and is not written yet.
    pub fn missing(&self) -> MutexGuard<'_, Missing> {
        self.missing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who reads, as far as it is not written yet. Held for as long as it takes to count.
    pub fn readers(&self) -> MutexGuard<'_, Readers> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what is counted in memory. What came since the last time is lost in a crash.
    pub async fn tally(&self) -> Result<()> {
        let missing = self.missing().take();
        self.store.note_missing(&missing, self.clock.now()).await?;
        let tallies = self.readers().take();
        self.store.note_readers(&tallies).await
    }

    /// Whether comments come faster than the owner wants them to be seen at once.
    pub async fn is_storm(&self, settings: &Settings) -> Result<bool> {
        let storm_at = settings.policy.storm_at;
        if storm_at == 0 {
            return Ok(false);
        }
        let now = self.clock.now();
        // After a start nobody waits for the last comments to be read: how many came is enough.
        let arrived = match self.recent.get() {
            Some(recent) => recent.lock().unwrap_or_else(PoisonError::into_inner).arrived(now),
            None => self.store.arrived_since(now.plus(-WINDOW_MILLIS), storm_at).await?,
        };
        Ok(arrived >= storm_at)
    }

    /// The host that readers use: names our mails.
    pub fn host(&self) -> &str {
        let rest = self.base.split_once("://").map_or(self.base.as_str(), |(_, rest)| rest);
        rest.split([':', '/']).next().unwrap_or(rest)
    }

    /// Whether readers come over https: then cookies are bound to it.
    pub fn is_https(&self) -> bool {
        self.base.starts_with("https://")
    }

    /// Whether this is the code of the set-up link, and the blog is still to be set up.
    pub fn is_setup_code(&self, code: &str) -> bool {
        self.setup_code.lock().unwrap_or_else(PoisonError::into_inner).as_deref() == Some(code)
    }

    /// Closes the set-up link for good.
    pub fn forget_setup_code(&self) {
        *self.setup_code.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A seal about something that a page carries and brings back.
    pub fn seal(&self, about: &str) -> Result<String> {
        let no_randomness = || Error::Internal("the system gives no randomness".to_owned());
        let sealer = self.sealer.as_ref().ok_or_else(no_randomness)?;
        sealer.seal(about, self.clock.now()).map_err(|_| no_randomness())
    }

    /// When this seal was made, if it is ours, about that, and no older than `life` milliseconds.
    pub fn sealed_at(&self, about: &str, seal: &str, life: i64) -> Option<Time> {
        self.sealer.as_ref()?.made_at(about, seal, self.clock.now(), life)
    }

    /// Runs work with passwords off the async threads, few at a time.
    pub async fn hashing<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        off_thread(self.hashers.threads(), self.hashing.take().await?, work).await
    }

    /// Runs Markdown of so many bytes: a long one off the async threads, few at a time.
    pub async fn rendering<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        if bytes <= SHORT {
            // A panic is an error here as it is there: the form comes back filled in.
            return catch_unwind(AssertUnwindSafe(work)).map_err(|_| Error::Internal("rendering panicked".to_owned()));
        }
        off_thread(Handle::current(), self.rendering.take().await?, work).await
    }

    /// A turn to search; waits for one.
    pub async fn search_turn(&self) -> Result<OwnedSemaphorePermit> {
        self.searching.take().await
    }

    /// The turn to have a picture decoded: two would take twice the memory.
    pub async fn picture_turn(&self) -> Result<OwnedSemaphorePermit> {
        self.picturing.take().await
    }

    /// Works with pixels off the async threads, in the turn for it.
    pub async fn with_picture<T: Send + 'static>(
        &self,
        turn: OwnedSemaphorePermit,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        off_thread(Handle::current(), turn, work).await
    }

    /// The turn to take the whole blog away; it holds a reader of the database as long as it lasts.
    pub fn export_turn(&self) -> Result<OwnedSemaphorePermit> {
        self.exporting.clone().try_acquire_owned().map_err(|_| Error::Busy)
    }

    /// A place for the large form of someone who is not signed in.
    pub fn large_form(&self) -> Result<SemaphorePermit<'_>> {
        self.large_forms.try_acquire().map_err(|_| Error::Busy)
    }
}

/// The turn goes along with the work: a client that hangs up ends the waiting, not the work.
async fn off_thread<T: Send + 'static>(
    threads: Handle,
    turn: OwnedSemaphorePermit,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let done = threads.spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    Ok(done.await?)
}

/// So many at once, and a queue before them that has an end. One for each kind of work: a crowd at one door does not close
/// another.
struct Turns {
    turns: Arc<Semaphore>,
    places: Semaphore,
}

impl Turns {
    fn new(at_once: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(at_once)), places: Semaphore::new(WAITING) }
    }

    async fn take(&self) -> Result<OwnedSemaphorePermit> {
        let _place = self.places.try_acquire().map_err(|_| Error::Busy)?;
        self.turns.clone().acquire_owned().await.map_err(|_| Error::Busy)
    }
}

/// Threads that do nothing but hash. The allocator keeps the 19 MiB of a hash for the thread that had them: were it any
/// thread of many, each would come to hold as much. `None` where the system gave no thread: then any will do.
struct Hashers(Option<Runtime>);

impl Hashers {
    fn new() -> Self {
        let threads = runtime::Builder::new_current_thread()
            .max_blocking_threads(HASHES_AT_ONCE)
            .thread_name("hashing")
            .thread_keep_alive(Duration::from_secs(24 * 3600))
            .build();
        Self(threads.inspect_err(|error| tracing::warn!(%error, "no threads for hashing alone")).ok())
    }

    fn threads(&self) -> Handle {
        self.0.as_ref().map_or_else(Handle::current, |threads| threads.handle().clone())
    }
}

impl Drop for Hashers {
    fn drop(&mut self) {
        if let Some(threads) = self.0.take() {
            // Waiting for a hash is not for an async thread.
            threads.shutdown_background();
        }
    }
}
