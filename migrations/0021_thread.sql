-- The order of a long thread is read for each comment that comes: from the index alone, without the comments themselves.

DROP INDEX comment_thread;
CREATE INDEX comment_thread ON comment (post_id, created_at, id, parent_id, pinned_at) WHERE state = 'approved';
