//! The import that the owner asks for at the desk, and what came of it.

use super::{Store, audit};
use crate::{
    error::{Error, Result},
    model::{
        change::Change,
        import::{Ended, ImportJob, NewImport},
        queue::By,
        time::Time,
    },
};

const JOB: &str = "SELECT user_id, stand, is_trial, format, folder, sources, site, media, is_fetching, hosts, at, \
                   why, detail, report FROM import_job WHERE id = 1";
const ASK: &str = "INSERT INTO import_job (id, user_id, stand, is_trial, format, folder, sources, media, is_fetching, hosts, \
     at, site, why, detail, report) VALUES (1, $1, 'waiting', 1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', '') \
     ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, stand = excluded.stand, is_trial = excluded.is_trial, \
     format = excluded.format, folder = excluded.folder, sources = excluded.sources, media = excluded.media, \
     is_fetching = excluded.is_fetching, hosts = excluded.hosts, at = excluded.at, site = excluded.site, why = excluded.why, \
     detail = excluded.detail, report = excluded.report WHERE import_job.stand NOT IN ('waiting', 'running')";
const RUN: &str = "UPDATE import_job SET user_id = $1, stand = 'waiting', is_trial = 0, at = $2, why = '', detail = '', \
     report = '' WHERE id = 1 AND stand NOT IN ('waiting', 'running') AND (is_trial = 1 OR stand <> 'done')";
const CLAIM: &str = "UPDATE import_job SET stand = 'running' WHERE id = 1 AND stand = 'waiting' RETURNING user_id, stand, \
     is_trial, format, folder, sources, site, media, is_fetching, hosts, at, why, detail, report";
const END: &str = "UPDATE import_job SET stand = $1, why = $2, detail = $3, format = coalesce($4, format), report = $5, \
     at = $6, folder = CASE WHEN is_trial = 0 AND $1 = 'done' THEN '' ELSE folder END WHERE id = 1 AND stand = 'running'";
const BREAK: &str = "UPDATE import_job SET stand = 'broken', at = $1 WHERE id = 1 AND stand = 'running'";
const DROP: &str = "DELETE FROM import_job WHERE id = 1 AND stand NOT IN ('waiting', 'running')";

impl Store {
    /// The last that was asked for.
    pub async fn import_job(&self) -> Result<Option<ImportJob>> {
        Ok(sqlx::query_as(JOB).fetch_optional(&self.readers).await?)
    }

    /// Asks that something be tried, in place of what was asked for before; `false`: that is not over yet.
    pub async fn ask_for_import(&self, new: &NewImport, by: By) -> Result<bool> {
        let mut write = self.write().await?;
        let asked = sqlx::query(ASK)
            .bind(by.user)
            .bind(new.format)
            .bind(new.folder.clone())
            .bind(serde_json::json!(new.sources).to_string())
            .bind(new.media.clone())
            .bind(new.is_fetching)
            .bind(new.hosts.clone())
            .bind(by.now)
            .bind(new.site.clone())
            .execute(&mut *write)
            .await?;
        write.commit(Change::Nothing).await?;
        self.importing.notify_one();
        Ok(asked.rows_affected() > 0)
    }

    /// Asks that what was tried, or did not come to its end, be brought in; `false`: there is nothing of that kind.
    pub async fn run_import(&self, by: By) -> Result<bool> {
        let mut write = self.write().await?;
        let run = sqlx::query(RUN).bind(by.user).bind(by.now).execute(&mut *write).await?.rows_affected() > 0;
        if run {
            audit::note(&mut write, by.user, "import", "", by.now).await?;
        }
        write.commit(Change::Nothing).await?;
        self.importing.notify_one();
        Ok(run)
    }

    /// Notes that the shell brought something in.
    pub async fn note_import(&self, what: &str, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        audit::note(&mut write, None, "import", what, now).await?;
        write.commit(Change::Nothing).await
    }

    /// Waits until one of these has been called.
    pub async fn import_asked(&self) {
        self.importing.notified().await;
    }

    /// Takes what waits: it is under way from now on.
    pub async fn claim_import(&self) -> Result<Option<ImportJob>> {
        let mut write = self.write().await?;
        let job = sqlx::query_as(CLAIM).fetch_optional(&mut *write).await?;
        write.commit(Change::Nothing).await?;
        Ok(job)
    }

    /// Notes what came of it.
    pub async fn end_import(&self, ended: &Ended, now: Time) -> Result<()> {
        let report = ended.report.as_ref().map(serde_json::to_string).transpose();
        let report = report.map_err(|error| Error::Internal(error.to_string()))?.unwrap_or_default();
        let mut write = self.write().await?;
        sqlx::query(END)
            .bind(ended.stand)
            .bind(ended.why)
            .bind(ended.detail.clone())
            .bind(ended.format)
            .bind(report)
            .bind(now)
            .execute(&mut *write)
            .await?;
        write.commit(Change::Nothing).await
    }

    /// What was under way when the program ended goes on no further.
    pub async fn break_import(&self, now: Time) -> Result<()> {
        let mut write = self.write().await?;
        sqlx::query(BREAK).bind(now).execute(&mut *write).await?;
        write.commit(Change::Nothing).await
    }

    /// Forgets what is over; `false`: it is not.
    pub async fn drop_import(&self) -> Result<bool> {
        let mut write = self.write().await?;
        let dropped = sqlx::query(DROP).execute(&mut *write).await?.rows_affected() > 0;
        write.commit(Change::Nothing).await?;
        Ok(dropped)
    }
}

#[cfg(test)]
statements!(JOB, ASK, RUN, CLAIM, END, BREAK, DROP);
