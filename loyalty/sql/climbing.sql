-- How far a member came up the ladder, counted from what happened, in the window that counts on a day.

-- The first day of the window in which a day lies; NULL where everything counts. As `rules.windows.first_day`.
CREATE FUNCTION loyalty_first_day(p_window text, p_day date, p_joined date) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_window
        WHEN 'calendar_year' THEN make_date(extract(year FROM p_day)::integer, 1, 1)
        WHEN 'rolling_12_months' THEN (p_day - interval '1 year')::date + 1
        WHEN 'from_joining' THEN (
            SELECT (p_joined + make_interval(years => span.years - (begun.day > p_day)::integer))::date
            FROM (SELECT extract(year FROM p_day)::integer - extract(year FROM p_joined)::integer AS years) span,
                 LATERAL (SELECT (p_joined + make_interval(years => span.years))::date AS day) begun)
    END
$$;

-- What a member did that counts, from a day of the shop's calendar on (NULL: all of it): what is left of each purchase, and
-- what else happened. `p_unit` is the programme's first unit, which another may have been when a purchase was made: beside a
-- purchase stands how much it gave of the one that was first then.
CREATE FUNCTION loyalty_steps(p_merchant uuid, p_member uuid, p_climbing text, p_unit text, p_zone text, p_since date)
RETURNS TABLE (day date, amount bigint) LANGUAGE sql STABLE AS $$
    SELECT (p.occurred_at AT TIME ZONE p_zone)::date,
           CASE p_climbing
               WHEN 'visits' THEN 1
               WHEN 'units' THEN (
                   SELECT gave.units - div(gave.units::numeric * p.refunded_minor, p.amount_minor)::bigint
                   FROM (SELECT CASE
                       WHEN NOT EXISTS (SELECT FROM loyalty_unit other
                                        WHERE other.merchant_id = p_merchant AND other.id <> p_unit::uuid) THEN p.awarded
                       ELSE (SELECT coalesce(sum((reason ->> 'units')::bigint), 0)::bigint
                             FROM jsonb_array_elements(p.reasons) reason WHERE reason ->> 'unit' = p_unit)
                   END AS units) gave)
               ELSE p.amount_minor - p.refunded_minor
           END
    FROM loyalty_purchase p
    WHERE p.merchant_id = p_merchant AND p.member_id = p_member AND p.ended_at IS NULL
      -- The moment for the index, a day before it begins anywhere; then the day of the calendar.
      AND p.occurred_at > coalesce(p_since::timestamp AT TIME ZONE p_zone - interval '1 day', '-infinity')
      AND (p_since IS NULL OR (p.occurred_at AT TIME ZONE p_zone)::date >= p_since)
    UNION ALL
    SELECT (h.occurred_at AT TIME ZONE p_zone)::date,
           CASE p_climbing
               WHEN 'visits' THEN 1
               ELSE (SELECT coalesce(sum((reason ->> 'units')::bigint), 0)::bigint
                     FROM jsonb_array_elements(h.reasons) reason WHERE reason ->> 'unit' = p_unit)
           END
    FROM loyalty_happening h
    WHERE h.merchant_id = p_merchant AND h.member_id = p_member AND h.cancelled_at IS NULL
      AND (p_climbing = 'units' OR p_climbing = 'visits' AND h.trigger = 'visit')
      AND h.occurred_at > coalesce(p_since::timestamp AT TIME ZONE p_zone - interval '1 day', '-infinity')
      AND (p_since IS NULL OR (h.occurred_at AT TIME ZONE p_zone)::date >= p_since)
$$;

-- How far each of these members is on a day of their own: what counts of the window in which it lies, until then. Who was
-- merged into them counts for them, and for nobody else. A row for each of them.
CREATE FUNCTION loyalty_progress(
    p_merchant uuid, p_members uuid[], p_days date[], p_climbing text, p_window text, p_unit text, p_zone text
) RETURNS TABLE (member_id uuid, progress bigint) LANGUAGE sql STABLE AS $$
    SELECT asked.id, coalesce(sum(step.amount), 0)::bigint
    FROM unnest(p_members, p_days) asked (id, day)
    JOIN members_member owner ON owner.merchant_id = p_merchant AND owner.id = asked.id
    LEFT JOIN LATERAL (
        SELECT owner.id WHERE owner.merged_into_id IS NULL
        UNION ALL
        SELECT gone.id FROM members_member gone
        WHERE gone.merchant_id = p_merchant AND gone.merged_into_id = owner.id) who (id) ON true
    CROSS JOIN LATERAL (
        SELECT loyalty_first_day(p_window, asked.day, (owner.joined_at AT TIME ZONE p_zone)::date) AS day
        OFFSET 0) start  -- asked once for a member, and not for each step: many times as fast for who comes every day
    LEFT JOIN LATERAL loyalty_steps(p_merchant, who.id, p_climbing, p_unit, p_zone, start.day) step
        ON start.day IS NULL OR step.day <= asked.day
    GROUP BY asked.id
$$;
