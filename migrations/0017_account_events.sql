-- migrate:up
-- Events are read with the news among them: nobody asks for the worrying ones alone.
drop index account_event_newest;
