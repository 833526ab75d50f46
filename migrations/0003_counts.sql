-- The number of comments that readers see stands on the post and follows every write of a comment, whoever makes it.
CREATE TRIGGER comment_added AFTER INSERT ON comment WHEN NEW.state = 'approved' BEGIN
    UPDATE post SET comment_count = comment_count + 1 WHERE id = NEW.post_id;
END;
CREATE TRIGGER comment_judged AFTER UPDATE OF state ON comment WHEN (OLD.state = 'approved') <> (NEW.state = 'approved') BEGIN
    UPDATE post SET comment_count = comment_count + CASE NEW.state WHEN 'approved' THEN 1 ELSE -1 END WHERE id = NEW.post_id;
END;
CREATE TRIGGER comment_removed AFTER DELETE ON comment WHEN OLD.state = 'approved' BEGIN
    UPDATE post SET comment_count = comment_count - 1 WHERE id = OLD.post_id;
END;
