//! What goes out as it is made, so that nobody holds all of it: a list of a million rows.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use futures_util::stream::unfold;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::timeout;

use super::answer::Sorry;
use crate::desk::Desk;

/// So many go out at once: each takes a thread for as long as it is read.
pub(crate) const FLOWS_MAX: usize = 16;

/// So many bytes go out together.
const PIECE_BYTES: usize = 64 << 10;

/// How long a reader may take none of it.
const STANDSTILL: Duration = Duration::from_secs(60);

/// How long one goes out at most: others wait for its place.
const LASTS: Duration = Duration::from_mins(30);

/// Writes an answer to its end.
type Writes = dyn FnOnce(&Desk, &mut dyn Write) -> Result<(), Sorry> + Send;

/// An answer that is not made yet.
pub(crate) struct Flow(Box<Writes>);

impl Flow {
    pub(crate) fn of(
        write: impl FnOnce(&Desk, &mut dyn Write) -> Result<(), Sorry> + Send + 'static,
    ) -> Flow {
        Flow(Box::new(write))
    }

    /// The body that it comes to. Where it can't be made to its end, the body breaks off in a way that every reader of HTTP
    /// takes for a fault, and not for an end.
    pub(crate) fn body(self, desk: &Arc<Desk>, place: OwnedSemaphorePermit) -> Body {
        let desk = Arc::clone(desk);
        piped(move |out| (self.0)(&desk, out), place, STANDSTILL)
    }
}

fn piped(
    write: impl FnOnce(&mut dyn Write) -> Result<(), Sorry> + Send + 'static,
    place: OwnedSemaphorePermit,
    patience: Duration,
) -> Body {
    let (out, pieces) = channel(1);
    let (runtime, begun) = (Handle::current(), Instant::now());
    tokio::task::spawn_blocking(move || {
        let mut pipe = Pipe { piece: Vec::new(), out, runtime, begun, patience, is_left: false };
        let done = write(&mut pipe).and_then(|()| Ok(pipe.flush()?));
        drop(place);
        match done {
            Ok(()) => pipe.send(Said::Whole),
            Err(_) if pipe.is_left => tracing::debug!("a long answer was not read to its end"),
            Err(fault) => tracing::error!(?fault, "an answer broke off"),
        }
    });
    Body::from_stream(unfold(Some(pieces), |pieces| async {
        let mut pieces = pieces?;
        match pieces.recv().await {
            Some(Said::Piece(piece)) => Some((Ok(piece), Some(pieces))),
            Some(Said::Whole) => None,
            // Whoever wrote it is gone, and has not said that it is whole.
            None => Some((Err(io::Error::other("it broke off")), None)),
        }
    }))
}

enum Said {
    Piece(Bytes),
    /// That was all.
    Whole,
}

/// The way from who writes to who reads.
struct Pipe {
    piece: Vec<u8>,
    out: Sender<Said>,
    runtime: Handle,
    begun: Instant,
    /// How long a reader may take nothing.
    patience: Duration,
    /// Whether the reader has gone, or takes too long.
    is_left: bool,
}

impl Pipe {
    fn send(&mut self, said: Said) {
        let sent = self.runtime.block_on(timeout(self.patience, self.out.send(said)));
        self.is_left |= !matches!(sent, Ok(Ok(()))) || self.begun.elapsed() > LASTS;
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.piece.is_empty() && !self.is_left {
            let piece = std::mem::take(&mut self.piece);
            self.send(Said::Piece(Bytes::from(piece)));
        }
        if self.is_left { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;
    use tokio::sync::Semaphore;

    use super::*;

    fn body(
        places: &Arc<Semaphore>,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Sorry> + Send + 'static,
    ) -> Body {
        let place = Arc::clone(places).try_acquire_owned().expect("a place");
        piped(write, place, Duration::from_secs(1))
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_written_comes_whole_or_breaks_off() {
        let places = Arc::new(Semaphore::new(1));
        let rows = |out: &mut dyn Write| -> Result<(), Sorry> {
            for row in 0..100_000 {
                writeln!(out, "{row}")?;
            }
            Ok(())
        };
        let whole = body(&places, rows).collect().await.expect("whole").to_bytes();
        let lines = std::str::from_utf8(&whole).expect("a text").lines();
        assert!(
            lines.enumerate().all(|(row, line)| line == row.to_string()) && whole.len() > 5 * PIECE_BYTES
        );
        let broken = body(&places_for(&places).await, move |out| {
            rows(out).and(Err(Sorry::Broken("the disk".to_owned())))
        });
        assert!(broken.collect().await.is_err(), "it is not taken for whole");
        let fallen = body(&places_for(&places).await, move |out| {
            rows(out)?;
            panic!("a fault of the program")
        });
        assert!(fallen.collect().await.is_err(), "nor is what fell over");
        let mut left = body(&places_for(&places).await, move |out| rows(out));
        assert!(left.frame().await.is_some_and(|piece| piece.is_ok()));
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(left.collect().await.is_err(), "nor is what stood still too long");
    }

    /// The same places, once one is free.
    async fn places_for(places: &Arc<Semaphore>) -> Arc<Semaphore> {
        drop(places.acquire().await.expect("a place"));
        Arc::clone(places)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_is_written_for_who_has_gone() {
        let places = Arc::new(Semaphore::new(1));
        drop(body(&places, |out| {
            loop {
                out.write_all(b"more")?;
            }
        }));
        let place = timeout(STANDSTILL, places.acquire()).await.expect("it ends by itself");
        assert!(place.is_ok());
    }
}
