//! The bodies of requests and answers on their way: the former held to a pace, the latter counted as they are taken.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::body::{Body, Bytes};
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use super::{
    pace::{Meter, Pace, TooSlow},
    pulse::UnderWay,
};

/// The body of a request; reading it fails when it comes too slowly.
pub fn received(body: Incoming, pace: Pace) -> Body {
    // Most requests have none, and cost nothing here.
    match body.is_end_stream() {
        true => Body::empty(),
        false => Body::new(Received { body, pace, meter: Meter::default(), came: 0, sleep: None }),
    }
}

struct Received {
    body: Incoming,
    pace: Pace,
    meter: Meter,
    came: u64,
    /// Made when there is something to wait for: a small form comes along with its head.
    sleep: Option<Pin<Box<Sleep>>>,
}

impl hyper::body::Body for Received {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            if let Some(Ok(frame)) = &frame {
                this.came += frame.data_ref().map_or(0, |data| data.len() as u64);
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        loop {
            let until = match this.meter.look(this.pace, true, this.came, Instant::now()) {
                Ok(until) => until,
                Err(TooSlow) => return Poll::Ready(Some(Err(TooSlow.into()))),
            };
            let Some(until) = until else { return Poll::Pending };
            let sleep = this.sleep.get_or_insert_with(|| Box::pin(sleep_until(until)));
            if sleep.deadline() != until {
                sleep.as_mut().reset(until);
            }
            ready!(sleep.as_mut().poll(cx));
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer, in pieces of a size, each handed over when there is room for it.
pub struct Answer {
    body: Body,
    left: Bytes,
    piece: usize,
    under_way: UnderWay,
}

impl Answer {
    /// The answer to a request under way. `piece`: how much of it is handed over at most at once.
    pub fn new(body: Body, piece: usize, mut under_way: UnderWay) -> Self {
        under_way.send();
        Self { body, left: Bytes::new(), piece, under_way }
    }
}

impl hyper::body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.get_mut();
        if this.left.is_empty() {
            match ready!(Pin::new(&mut this.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => this.left = data,
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                other => return Poll::Ready(other),
            }
        }
        let piece = this.left.split_to(this.left.len().min(this.piece));
        this.under_way.hand(piece.len());
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (mut hint, left) = (self.body.size_hint(), self.left.len() as u64);
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + left);
        }
        hint.set_lower(hint.lower() + left);
        hint
    }
}
