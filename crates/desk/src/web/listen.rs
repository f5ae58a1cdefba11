//! Connections: how many, how long one may take to ask, and how they end.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_service::Service as _;

use super::serve::{operators, router};
use crate::desk::Desk;

/// How long a connection may take for the head of a request, the first one and each that follows on it.
pub const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// The most bytes of a head.
const HEAD_BYTES_MAX: usize = 32 << 10;

/// How long what is being answered may take once it has been said to stop.
const GRACE: Duration = Duration::from_secs(5);

/// How long nothing is taken when this machine has no room for one more connection.
const BREATH: Duration = Duration::from_millis(100);

/// Who asks, by address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct From(pub(crate) IpAddr);

/// Serves a desk until `stop` comes; what is being answered then is answered, if it takes no longer than a few seconds.
///
/// # Errors
///
/// There is no address to listen on.
pub async fn serve(
    desk: Arc<Desk>,
    socket: TcpListener,
    stop: impl Future<Output = ()> + Send,
) -> std::io::Result<()> {
    let news = desk.alerts.news.clone();
    let stop = async move {
        stop.await;
        // Streams have no end of their own.
        news.send_modify(|news| news.is_over = true);
    };
    listen(desk.manner().connections, router(desk), socket, stop).await
}

/// Serves those who run the node: its health in full, and what it counts.
///
/// # Errors
///
/// As [`serve`].
pub async fn serve_operators(
    desk: Arc<Desk>,
    socket: TcpListener,
    stop: impl Future<Output = ()> + Send,
) -> std::io::Result<()> {
    listen(desk.manner().connections, operators(desk), socket, stop).await
}

/// Takes connections, so many at once, until `stop` comes.
pub(crate) async fn listen(
    connections: usize,
    router: Router,
    socket: TcpListener,
    stop: impl Future<Output = ()> + Send,
) -> std::io::Result<()> {
    socket.local_addr()?;
    let places = Arc::new(Semaphore::new(connections));
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN).max_buf_size(HEAD_BYTES_MAX);
    let mut stop = pin!(stop);
    loop {
        // Whoever comes when all places are taken waits until one is free.
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = &mut stop => break,
        };
        let Ok(place) = place else { break };
        let (stream, from) = tokio::select! {
            came = socket.accept() => match came {
                Ok(came) => came,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(BREATH).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // What goes out in pieces waits for nobody to say that the last has come.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection sends small pieces late");
        }
        let router = router.clone();
        let answers = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(From(from.ip()));
            let mut router = router.clone();
            async move {
                let Ok(response) = router.call(request).await;
                Ok::<_, Infallible>(response)
            }
        });
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), answers));
        tokio::spawn(async move {
            // Whoever goes away, or says what is no HTTP, is told nothing more.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(socket);
    tokio::select! {
        () = open.shutdown() => {}
        () = tokio::time::sleep(GRACE) => tracing::warn!("some of what was being answered was cut off"),
    }
    Ok(())
}
