//! One host of the native stage: one task that waits for whatever comes first - a dial, an answer to a
//! dial, bytes, a due time - and lets the node do the rest.

use super::{WARM_UP_MS, address, listens};
use crate::plan::{NodeId, Plan};
use crate::stage::link::{Body, Parcel, Queued};
use crate::stage::node::Node;
use cardstorm_models::party::{ConnId, Summary};
use cardstorm_models::wire::{Framer, decode};
use std::cell::RefCell;
use std::collections::{BTreeMap, BinaryHeap};
use std::future::{Future, poll_fn};
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};
use turmoil::net::{TcpListener, TcpStream};

const PORT: u16 = 8583;
/// What a dialler says first: the connection's name and its own number.
const HELLO_BYTES: usize = 10;

/// Slips that customers carry: no network is asked.
pub(super) type Mail = Rc<Vec<RefCell<Vec<Parcel>>>>;

type Dial = Pin<Box<dyn Future<Output = (ConnId, NodeId, std::io::Result<TcpStream>)>>>;
type Accept = Pin<Box<dyn Future<Output = std::io::Result<TcpStream>>>>;

/// One stream, with what is needed to say in the history which messages came on it.
struct Line {
    stream: TcpStream,
    peer: NodeId,
    tap: Framer,
}

/// A stream that was taken and has not yet said who it is.
struct Stranger {
    stream: TcpStream,
    hello: Vec<u8>,
}

struct Host {
    node: Rc<RefCell<Node>>,
    mail: Mail,
    id: NodeId,
    start: Instant,
    listener: Option<Rc<TcpListener>>,
    accept: Option<Accept>,
    dials: Vec<Dial>,
    strangers: Vec<Stranger>,
    lines: BTreeMap<ConnId, Line>,
    outgoing: BinaryHeap<Queued>,
    serial: u64,
}

/// The life of a host from its start, or its restart, to its crash or the end of the run.
pub(super) async fn live(
    node: Rc<RefCell<Node>>,
    mail: Mail,
    plan: Arc<Plan>,
    id: NodeId,
) -> turmoil::Result {
    // Hosts count their own time from the simulation's beginning, also after a restart.
    let start = Instant::now() - turmoil::sim_elapsed().unwrap_or_default()
        + Duration::from_millis(WARM_UP_MS);
    let listener = if listens(&plan, id) {
        Some(Rc::new(TcpListener::bind((Ipv4Addr::UNSPECIFIED, PORT)).await?))
    } else {
        None
    };
    let mut host = Host {
        node,
        mail,
        id,
        start,
        listener,
        accept: None,
        dials: Vec::new(),
        strangers: Vec::new(),
        lines: BTreeMap::new(),
        outgoing: BinaryHeap::new(),
        serial: 0,
    };
    sleep_until(start).await;
    loop {
        let wake_ms = host.wake_ms();
        if wake_ms.is_none_or(|ms| ms > plan.end_ms()) && host.now_ms() > plan.end_ms() {
            return Ok(());
        }
        let wake_ms = wake_ms.unwrap_or(plan.end_ms() + 1).max(host.now_ms());
        let mut sleep = Box::pin(sleep_until(start + Duration::from_millis(wake_ms)));
        let came = poll_fn(|context| host.poll(context, sleep.as_mut())).await;
        host.work(came, plan.end_ms());
    }
}

impl Host {
    fn now_ms(&self) -> u64 {
        let elapsed = Instant::now().saturating_duration_since(self.start).as_millis();
        u64::try_from(elapsed).expect("runs are short")
    }

    fn wake_ms(&self) -> Option<u64> {
        let node = self.node.borrow().next_due_ms();
        let outgoing = self.outgoing.peek().map(|queued| queued.0.due_ms);
        let mail = self.mail[self.id.0 as usize].borrow().iter().map(|parcel| parcel.due_ms).min();
        [node, outgoing, mail].into_iter().flatten().min()
    }

    /// Everything that has come, or nothing but the time.
    fn poll(
        &mut self,
        context: &mut Context<'_>,
        sleep: Pin<&mut Sleep>,
    ) -> Poll<Vec<(NodeId, Body)>> {
        let mut came = Vec::new();
        self.poll_accept(context, &mut came);
        self.poll_dials(context, &mut came);
        self.poll_lines(context, &mut came);
        if !came.is_empty() || sleep.poll(context).is_ready() {
            return Poll::Ready(came);
        }
        Poll::Pending
    }

    fn poll_accept(&mut self, context: &mut Context<'_>, came: &mut Vec<(NodeId, Body)>) {
        while let Some(listener) = &self.listener {
            let listener = Rc::clone(listener);
            let accept = self.accept.get_or_insert_with(|| {
                Box::pin(async move { listener.accept().await.map(|(stream, _)| stream) })
            });
            let Poll::Ready(taken) = accept.as_mut().poll(context) else { break };
            self.accept = None;
            if let Ok(stream) = taken {
                self.strangers.push(Stranger { stream, hello: Vec::new() });
            }
        }
        for mut stranger in std::mem::take(&mut self.strangers) {
            match read(&mut stranger.stream, context, HELLO_BYTES - stranger.hello.len()) {
                Read::Nothing => self.strangers.push(stranger),
                Read::Gone => {}
                Read::Bytes(bytes) => {
                    stranger.hello.extend(bytes);
                    if stranger.hello.len() < HELLO_BYTES {
                        self.strangers.push(stranger);
                        context.waker().wake_by_ref();
                        continue;
                    }
                    let (conn, peer) = stranger.hello.split_at(8);
                    let conn = ConnId(u64::from_be_bytes(conn.try_into().expect("8 bytes")));
                    let peer = NodeId(u16::from_be_bytes(peer.try_into().expect("2 bytes")));
                    let stream = stranger.stream;
                    self.lines.insert(conn, Line { stream, peer, tap: Framer::new() });
                    came.push((peer, Body::Open(conn)));
                }
            }
        }
    }

    fn poll_dials(&mut self, context: &mut Context<'_>, came: &mut Vec<(NodeId, Body)>) {
        let mut open = Vec::new();
        for mut dial in std::mem::take(&mut self.dials) {
            let Poll::Ready((conn, peer, result)) = dial.as_mut().poll(context) else {
                open.push(dial);
                continue;
            };
            let Ok(stream) = result else {
                came.push((peer, Body::Refused(conn)));
                continue;
            };
            let mut hello = conn.0.to_be_bytes().to_vec();
            hello.extend(self.id.0.to_be_bytes());
            if stream.try_write(&hello).is_ok() {
                self.lines.insert(conn, Line { stream, peer, tap: Framer::new() });
                came.push((peer, Body::Accepted(conn)));
            } else {
                came.push((peer, Body::Refused(conn)));
            }
        }
        self.dials = open;
    }

    fn poll_lines(&mut self, context: &mut Context<'_>, came: &mut Vec<(NodeId, Body)>) {
        let mut gone = Vec::new();
        for (conn, line) in &mut self.lines {
            loop {
                match read(&mut line.stream, context, 4096) {
                    Read::Nothing => break,
                    Read::Gone => {
                        gone.push(*conn);
                        came.push((line.peer, Body::Closed(*conn)));
                        break;
                    }
                    Read::Bytes(bytes) => {
                        let completes = completed(&mut line.tap, &bytes);
                        came.push((line.peer, Body::Chunk { conn: *conn, bytes, completes }));
                    }
                }
            }
        }
        for conn in gone {
            self.lines.remove(&conn);
        }
    }

    /// Lets the node take in what came and do what is due, and carries out what it wants.
    fn work(&mut self, came: Vec<(NodeId, Body)>, end_ms: u64) {
        let now_ms = self.now_ms();
        let node = Rc::clone(&self.node);
        let mut node = node.borrow_mut();
        for (from, body) in came {
            self.serial += 1;
            let serial = self.serial;
            node.accept(Parcel { from, to: self.id, due_ms: now_ms, serial, body });
        }
        let mut mail = self.mail[self.id.0 as usize].borrow_mut();
        for parcel in mail.extract_if(.., |parcel| parcel.due_ms <= now_ms) {
            node.accept(Parcel { due_ms: now_ms, ..parcel });
        }
        drop(mail);
        while let Some(due) = node.next_due_ms().filter(|due| *due <= now_ms && *due <= end_ms) {
            node.step(due);
        }
        // A stream that the node has forgotten is dropped, and thereby closed.
        self.lines.retain(|conn, _| node.knows(*conn));
        for parcel in std::mem::take(&mut node.out) {
            match parcel.body {
                Body::Slip { .. } => self.mail[parcel.to.0 as usize].borrow_mut().push(parcel),
                Body::Accepted(_) | Body::Refused(_) => {}
                Body::Open(conn) => self.dial(conn, parcel.to),
                Body::Closed(_) | Body::Frame { .. } | Body::Chunk { .. } => {
                    self.outgoing.push(Queued(parcel));
                }
            }
        }
        drop(node);
        self.write(now_ms);
    }

    fn dial(&mut self, conn: ConnId, to: NodeId) {
        self.dials.push(Box::pin(async move {
            (conn, to, TcpStream::connect((address(to), PORT)).await)
        }));
    }

    /// Puts frames on their streams. A fault's delay holds its copy back; nothing else does.
    fn write(&mut self, now_ms: u64) {
        while self.outgoing.peek().is_some_and(|queued| queued.0.due_ms <= now_ms + 1) {
            let parcel = self.outgoing.pop().expect("just seen").0;
            match parcel.body {
                Body::Frame { conn, bytes, .. } => {
                    if let Some(line) = self.lines.get(&conn) {
                        // A stream that is broken tells its reader.
                        let _ = line.stream.try_write(&bytes);
                    }
                }
                Body::Closed(conn) => {
                    self.lines.remove(&conn);
                }
                _ => {}
            }
        }
    }
}

enum Read {
    Nothing,
    Gone,
    Bytes(Vec<u8>),
}

fn read(stream: &mut TcpStream, context: &mut Context<'_>, most: usize) -> Read {
    let mut space = [0u8; 4096];
    let mut buffer = ReadBuf::new(&mut space[..most.min(4096)]);
    match Pin::new(stream).poll_read(context, &mut buffer) {
        Poll::Pending => Read::Nothing,
        Poll::Ready(Ok(())) if !buffer.filled().is_empty() => Read::Bytes(buffer.filled().to_vec()),
        Poll::Ready(_) => Read::Gone,
    }
}

/// The messages that these bytes complete, for the history; the party deframes for itself.
fn completed(tap: &mut Framer, bytes: &[u8]) -> Vec<Summary> {
    tap.push(bytes);
    let mut frame = Vec::new();
    let mut messages = Vec::new();
    while let Ok(true) = tap.pull(&mut frame) {
        if let Ok(received) = decode(&frame) {
            messages.push(Summary::of(&received.message));
        }
    }
    messages
}
